//! What is true and what is allowed: records, rules, state, log and map.
//!
//! Pure: no I/O, no clock, no randomness, no async, no threads of its own. Everything that decides whether a record
//! counts stands here, so that a node and an auditor run the same lines.
//!
//! One record's way: an [`act`] is signed and carried as an [`envelope`]; an [`execution`] judges it by the [`rules`]
//! at its place in the log and either names every [`refusal`] or writes the new [`state`]; a [`block`]'s seal fixes the
//! roots of log and map ([`tree`]); a certificate of [`vote`]s decides it; [`replay`] does all of it again from
//! the [`founding`] alone, and an [`audit`] names the first wrong thing of a whole log; a [`snapshot`] carries the
//! state at a seal to whoever has the founding; [`evidence`] shows that somebody signed two histories.

pub mod act;
pub mod audit;
pub mod block;
pub mod certificate;
pub mod chain;
pub mod codec;
pub mod disclosure;
pub mod envelope;
pub mod epoch;
pub mod evidence;
pub mod execution;
pub mod founding;
pub mod hash;
pub mod history;
pub mod identifier;
pub mod key;
pub mod refusal;
pub mod replay;
pub mod rules;
pub mod snapshot;
pub mod state;
pub mod tree;
pub mod vote;
