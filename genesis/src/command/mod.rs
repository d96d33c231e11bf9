//! The commands, one a file, and what they share: reading and writing files, passphrases, failures.

pub(crate) mod apply;
pub(crate) mod assemble;
pub(crate) mod demonstration;
pub(crate) mod digest;
pub(crate) mod keys;
pub(crate) mod listing;
pub(crate) mod show;
pub(crate) mod sign;
pub(crate) mod verify;

use age::secrecy::SecretString;
use std::fmt;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tongda_genesis::file::{Genesis, GenesisError};
use tongda_genesis::keys::{KeyFile, KeyFileError, Purpose};
use tongda_ledger::key::SigningKey;

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A file is not what it should be.
    Refused(String),
    /// Wrong use, or a file that cannot be read or written.
    Use(String),
}

impl Failure {
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Refused(_) => 1,
            Self::Use(_) => 2,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Refused(reason) | Self::Use(reason)) = self;
        f.write_str(reason)
    }
}

impl From<KeyFileError> for Failure {
    fn from(error: KeyFileError) -> Self {
        Self::Use(error.to_string())
    }
}

/// The language in which a command answers.
#[derive(Copy, Clone, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Language {
    /// 中文
    Zh,
    /// English
    En,
}

impl Language {
    /// The one of the two texts.
    pub(crate) const fn of<'t>(self, zh: &'t str, en: &'t str) -> &'t str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// Where a passphrase comes from.
#[derive(clap::Args)]
pub(crate) struct Passphrase {
    /// 口令文件，取首行；否则询问 · A file whose first line is the passphrase; without it you are asked
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

impl Passphrase {
    /// The passphrase for `what`; asked twice when it is `new`.
    pub(crate) fn get(&self, what: &str, new: bool) -> Result<SecretString, Failure> {
        if let Some(path) = &self.passphrase_file {
            let text = read(path)?;
            let line = text.lines().next().unwrap_or_default();
            return if line.is_empty() {
                Err(Failure::Use(format!(
                    "{}: the first line is empty, but should be the passphrase",
                    path.display()
                )))
            } else {
                Ok(line.to_owned().into())
            };
        }
        let ask = |prompt: String| {
            rpassword::prompt_password(prompt).map_err(|error| {
                Failure::Use(format!("the passphrase cannot be asked for ({error}); give --passphrase-file"))
            })
        };
        let first = ask(format!("口令 Passphrase, {what}: "))?;
        if first.is_empty() {
            return Err(Failure::Use("an empty passphrase protects nothing".into()));
        }
        if new && ask(format!("再次输入 Again, {what}: "))? != first {
            return Err(Failure::Use("the two passphrases differ".into()));
        }
        Ok(first.into())
    }

    /// A key of this purpose from a file.
    pub(crate) fn load(&self, path: &Path, purpose: Purpose) -> Result<SigningKey, Failure> {
        let mut failure = None;
        let key = KeyFile::load(path, || match self.get(&path.display().to_string(), false) {
            Ok(passphrase) => Some(passphrase),
            Err(error) => {
                failure = Some(error);
                None
            }
        });
        match (key, failure) {
            (Ok(key), _) => Ok(key.for_purpose(purpose, path)?),
            (Err(_), Some(failure)) => Err(failure),
            (Err(error), None) => Err(error.into()),
        }
    }
}

/// Prints an answer. Whoever closes the pipe has read enough.
pub(crate) fn say(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::Use(format!("the answer cannot be printed: {error}")))
        }
        _ => Ok(()),
    }
}

/// The text of a file.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::Use(format!("{}: {error}", path.display())))
}

/// Writes a new file; an old one is never overwritten.
pub(crate) fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Failure::Use(format!("{} exists already; move it away or choose another name", path.display()))
        }
        _ => Failure::Use(format!("{}: {error}", path.display())),
    };
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
}

/// A genesis file, read, with its text.
pub(crate) fn genesis(path: &Path) -> Result<(Genesis, String), Failure> {
    let text = read(path)?;
    let genesis = Genesis::parse(&text).map_err(|error| refused(path, &error))?;
    Ok((genesis, text))
}

/// A refusal that names the file.
pub(crate) fn refused(path: &Path, error: &GenesisError) -> Failure {
    Failure::Refused(format!("{}: {error}", path.display()))
}
