//! Tell what was handed over by its first bytes, and read it.

#[cfg(feature = "paper")]
use crate::paper::{self, PaperError};
use tongda_ledger::certificate::{Certificate, CertificateError, json};
use tongda_ledger::evidence::{Evidence, EvidenceError};
use tongda_ledger::tree::{Receipt, ReceiptError};

/// The most bytes that are read of anything.
pub const INPUT_LIMIT: usize = 1 << 24;

/// What can be verified.
#[derive(Clone, Debug)]
pub enum Input {
    /// A certificate.
    Certificate(Box<Certificate>),
    /// A receipt.
    Receipt(Box<Receipt>),
    /// Evidence of two histories.
    Evidence(Box<Evidence>),
}

/// Why it cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// Nothing.
    #[error("it is empty")]
    Empty,
    /// More than anything that is verified has.
    #[error("{0} bytes, the limit is {INPUT_LIMIT}")]
    TooLong(usize),
    /// None of what is known.
    #[error(
        "it is none of: a certificate (JSON or binary), the PDF or the QR text of one, a .tlog-proof, evidence; \
         it begins with {0}"
    )]
    Unknown(String),
    /// A certificate that is none.
    #[error("the certificate: {0}")]
    Certificate(#[from] CertificateError),
    /// A receipt that is none.
    #[error("the receipt: {0}")]
    Receipt(#[from] ReceiptError),
    /// Evidence that is none.
    #[error("the evidence: {0}")]
    Evidence(#[from] EvidenceError),
    /// QR texts that make no document.
    #[cfg(feature = "paper")]
    #[error("the QR text: {0}")]
    Paper(#[from] PaperError),
    /// A PDF without a certificate.
    #[cfg(feature = "paper")]
    #[error("the PDF brings no certificate as an attachment; scan its QR codes and hand over their texts")]
    Pdf,
}

/// What these bytes are.
///
/// # Errors
/// [`InputError`] names it, and says what is wrong.
pub fn read(bytes: &[u8]) -> Result<Input, InputError> {
    if bytes.len() > INPUT_LIMIT {
        return Err(InputError::TooLong(bytes.len()));
    }
    if bytes.is_empty() {
        return Err(InputError::Empty);
    }
    if bytes.starts_with(b"c2sp.org/tlog-proof") {
        return Ok(Input::Receipt(Box::new(Receipt::parse(bytes)?)));
    }
    if bytes.starts_with(b"tongda/evidence") {
        return Ok(Input::Evidence(Box::new(Evidence::parse(bytes)?)));
    }
    if bytes.starts_with(b"TDC") {
        return Ok(Input::Certificate(Box::new(Certificate::decode(bytes)?)));
    }
    if bytes.trim_ascii_start().starts_with(b"{") {
        return Ok(Input::Certificate(Box::new(json::read(bytes)?)));
    }
    #[cfg(feature = "paper")]
    if paper::is_pdf(bytes) {
        let texts = paper::texts_in_pdf(bytes);
        return if texts.is_empty() { Err(InputError::Pdf) } else { joined(&texts) };
    }
    #[cfg(feature = "paper")]
    if let Ok(text) = std::str::from_utf8(bytes) {
        let texts = paper::texts_in(text);
        if texts.iter().any(|text| paper::is_code(text)) {
            return joined(&texts);
        }
    }
    Err(InputError::Unknown(beginning(bytes)))
}

/// The certificate in the texts of its codes.
#[cfg(feature = "paper")]
fn joined<T: AsRef<str>>(texts: &[T]) -> Result<Input, InputError> {
    Ok(Input::Certificate(Box::new(Certificate::decode(&paper::join(texts)?)?)))
}

/// The first bytes in a form that a terminal takes.
fn beginning(bytes: &[u8]) -> String {
    let first = &bytes[..bytes.len().min(24)];
    match std::str::from_utf8(first) {
        Ok(text) if !text.chars().any(char::is_control) => format!("{text:?}"),
        _ => hex::encode(first),
    }
}
