//! Certify what a key of the state stands for, or that it stands for nothing, as of a checkpoint: verifiable offline with
//! the founding alone.
//!
//! ```text
//! value ── map proof ──► state root ─┐
//!                                    seal ── inclusion, index = size − 1 ──► root ── cosignatures ──► quorum
//! founding ── epochs ──► signers ────────────────────────────────────────────────────────┘
//! ```
//!
//! In bytes (all integers little-endian but a cosignature's time):
//!
//! ```text
//! certificate = "TDC" ‖ version u8 (=1) ‖ frame…
//! frame       = kind u8 ‖ length u32 ‖ body
//!   1  statement: exactly one, first           key ‖ value ‖ map proof ‖ seal ‖ size ‖ root ‖ inclusion
//!                                              ‖ cosignatures ‖ witness lines ‖ details
//!   2  a link of the chain of epochs: any number, ascending by height
//!   3  an entry of the patent's history: any number, ascending by position
//! ```
//!
//! - [`Certificate`]: what it holds ([`content`](Statement)), and its bytes ([`Certificate::bytes`]).
//! - [`Certificate::verify`]: every check with its outcome, in a [`Report`].
//! - [`HistoryEntry`]: what touched a patent, complete by the hash chain in its status value.
//! - [`json`]: the readable form.
//!
//! It says "as of", never "now". A certificate without links is for whoever knows the epochs already, and fits one QR code.

mod content;
mod error;
mod frame;
mod history;
pub mod json;
mod past;
mod report;
mod verify;

pub use content::{Certificate, Proven, Statement, WITNESSES_LIMIT, WitnessLine};
pub use error::{CertificateError, HistoryFlaw};
pub use history::{EntryContent, EventPart, HistoryEntry};
pub use past::{NotKnown, ProvenHistory};
pub use report::{AsOf, Check, Failure, Outcome, Report, RestsOn, Subject};
pub use verify::Asked;
