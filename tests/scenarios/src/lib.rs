//! Read and play the scenarios of the law: short text files that say who does what, and what the ledger answers.
//!
//! ```text
//! # 独占许可期间不得声明开放许可
//! # No open licence while an exclusive licence is in its term
//! law 专利审查指南第五部分第十一章 3.1(1) · Guidelines V.11 §3.1(1)
//!
//! given
//!   university 甲大学
//!   enterprise 乙公司
//!   登记机构: patent.register of 甲大学 as P
//!   甲大学 + 乙公司: licence.grant of P to 乙公司 as L
//!     kind exclusive
//! when
//!   甲大学: open.declare of P
//! then
//!   refused OL_EXCLUSIVE_ACTIVE about P because of L
//! when
//!   甲大学 + 乙公司: licence.end of L
//!   甲大学: open.declare of P as D
//! then
//!   accepted
//!   D.state is declared
//! ```
//!
//! # The language
//!
//! Two lines with the title, Chinese and English (further down a line that begins with `#` is a remark); one or more `law` lines with the articles the scenario rests on; then
//! `given`, `when` and `then` in turn, each followed by indented lines. What stands under `given` must be accepted. Under
//! `when` every line but the last must be accepted, and what becomes of the last one is what `then` says. Before the
//! first `given` may stand `on four nodes` (the scenario is played through a network of processes too) and
//! `parameter NAME VALUE` (the network's founding parameters differ from the usual ones).
//!
//! **Who.** `university 甲大学` enrols a made member with this name; any role serves, with spaces for underscores, and
//! `from DE` for another country. `party 某公司` enters an owner who is no member. The founders are there already:
//! 北京交易所, 上海交易所, 广东交易所, 四川交易所, 登记机构, 法院, 管理部门, 技术合同登记机构.
//!
//! **What.** `SIGNER + SIGNER: ACT WORD THING, THING as NAME`: the first signer is the author. Each act has a usual form
//! (`usual/*.toml`), so that a scenario says only what matters to it; its words (`of`, `to`, …) fill the fields that
//! name things. Indented deeper, one a line, `field value` sets any field of the act: a name, a day, a period
//! (`today..today+365`), an amount (`5000元`), a share (`60%`), a word, or JSON; a dotted path reaches inside
//! (`fee.lump.amount 5000元`, `owners.0.share 60%`). A value that begins with `$` is made or found: `$digest`, `$new key`,
//! `$utility model number`, `$design number`, `$key 1 of 乙公司`. What an act shows only by a root is named all the same
//! (`match.push of P, Q to 乙公司, 丙公司 as M`), and an act that rests on it (`match.feedback of P on M`) finds its proofs.
//! `$utility model number`, `$design number`, `$key 1 of 乙公司`, `$digest of 项目` (the same each time).
//! `as NAME` names what the act makes; `waiting 30` lets the act wait so many days for missing consents. Lines that begin
//! with `envelope` change the envelope instead: `network other`, `from today+2`, `until today-2`, `keys 1`,
//! `signed for 乙公司` (with a key that is not its own), `unsigned by 甲大学`, `without new keys`, `expects P 3`, `again`.
//!
//! `repeat 2 lines 35 times` says the last two lines again, as often.
//!
//! **When.** `today 2027-01-05` and `after 30 days` move the clock; days are `today`, `today+30`, `today-30` or dates.
//!
//! **Then.** `accepted`, `waits for NAME, NAME`, or one `refused CODE [about NAME] [because of NAME]` a line, which
//! together must be all the refusals there are (`party 甲大学` names the party that a member is); and
//! `NAME.field is VALUE` for what stands in the state.

mod cast;
mod compose;
pub mod gazette;
mod listed;
pub mod plan;
mod play;
mod script;
mod stage;
mod table;
mod usual;

pub use play::{Played, Trouble, parameters, play, play_and_name, play_in_memory};
pub use script::{Scenario, ScriptError};
pub use stage::{Answer, Memory, Stage, founders, object_of};
pub use table::{Table, folder, scenarios};
