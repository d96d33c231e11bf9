//! The library an institution builds on: ask a node, sign an act, send it, read what came of it.
//!
//! A [`Node`] is one exchange's door (or several, asked in turn). A [`Signer`] is a member with its keys. A [`Session`]
//! brings them together; what it proposes can be asked about first ([`Proposal::may_i`]), signed by several members
//! in one [`Gathering`], and sent. Sending the same envelope twice is no error, so a lost answer is cured by sending
//! again.
//!
//! ```no_run
//! use tongda_client::{Error, Node, Session, Signer, keys};
//! use tongda_ledger::act::open_licence::Withdraw;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let key = keys::load("university.key".as_ref(), || Some("passphrase".to_owned()))?;
//! let node = Node::new("https://beijing.example")?;
//! let session = Session::open(node, Signer::new("M-1-T".parse()?, vec![key])).await?;
//!
//! let declaration = "D-5310-B".parse()?;
//! let withdraw = Withdraw { declaration, reason: "转让在即".parse()?, condition: None };
//! match session.propose(withdraw).send().await {
//!     Ok(receipt) => println!("recorded as {} in block {}", receipt.record, receipt.height),
//!     Err(Error::Refused(refusals)) => {
//!         for refusal in refusals {
//!             let wording = refusal.code.wording();
//!             println!("{}: {} ({})", refusal.code, wording.message.en, wording.article.en);
//!         }
//!     }
//!     Err(other) => return Err(other.into()),
//! }
//! # Ok(())
//! # }
//! ```

#[cfg(feature = "command")]
extern crate self as tongda_client;

pub mod answer;
pub mod audit;
#[cfg(feature = "command")]
pub mod command;
pub mod dependents;
pub mod digest;
mod error;
mod gathering;
pub mod keys;
pub mod light;
mod node;
#[cfg(feature = "paper")]
pub mod paper;
mod read;
mod session;
mod signer;
pub mod verify;

pub use answer::{LogTip, Permission, Receipt};
pub use error::Error;
pub use gathering::{Gathering, GatheringError};
pub use node::Node;
pub use read::Resource;
pub use session::{Proposal, Session};
pub use signer::Signer;
