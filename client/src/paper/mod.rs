//! Put a proof on paper and read it back: texts for QR codes, the codes, and the printed page.
//!
//! ```text
//! certificate, binary ── split ──► texts, base45 ── Code ──► modules ── print ──► PDF, A4
//!        ▲                            │    ▲                                       │
//!        └──────────── join ──────────┘    └──── scanner, or texts_in_pdf ◄────────┘
//! ```

mod base45;
mod code;
mod compose;
mod face;
mod page;
mod parts;
mod print;
mod read;
mod rows;

pub use base45::{Base45Error, decode, encode};
pub use code::{Code, NoCode, QUIET};
pub use compose::{ComposeError, compose};
pub use page::{Both, Fact, Mark, Page, Row};
pub use parts::{CODE_LIMIT, DOCUMENT_LIMIT, PARTS_LIMIT, PaperError, TEXT_LIMIT, is_code, join, split};
pub use print::{PrintError, print};
pub use read::{PDF_LIMIT, is_pdf, texts_in, texts_in_pdf};
