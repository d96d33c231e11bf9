//! Keep the audited prefix in a folder, a file for each network and source.

use super::PROGRAM;
use super::source::Source;
use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::PathBuf;
use tongda_ledger::audit::Auditor;
use tongda_ledger::founding::Founding;
use tongda_ledger::hash::Hash;

/// Where an audited prefix is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    path: PathBuf,
}

impl Kept {
    /// In this folder, for this network and source.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>, founding: &Founding, source: &dyn Source) -> Self {
        let network = founding.network().to_string();
        let source = Hash::plain(&[source.name().as_bytes()]).to_string();
        Self { path: folder.into().join(format!("{}-{}.audit", &network[..16], &source[..16])) }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &std::path::Path {
        &self.path
    }

    /// The auditor behind what was kept; none if nothing was.
    ///
    /// # Errors
    /// Why what was kept is not continued.
    pub fn load(&self, founding: &Founding) -> Result<Option<Auditor>, String> {
        let bytes = match fs::read(&self.path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(format!("{}: {error}", self.path.display())),
        };
        let auditor = Auditor::resume(founding, PROGRAM, &bytes);
        auditor.map(Some).map_err(|error| format!("{}: {error}", self.path.display()))
    }

    /// Keeps what was audited, in place of what was kept before: whole or not at all.
    ///
    /// # Errors
    /// Why it was not kept.
    pub fn save(&self, auditor: &Auditor) -> Result<(), String> {
        let Some(bytes) = auditor.keep(PROGRAM).map_err(|error| error.to_string())? else { return Ok(()) };
        let write = || -> std::io::Result<()> {
            let folder = self.path.parent().ok_or(ErrorKind::NotFound)?;
            fs::create_dir_all(folder)?;
            let beside = self.path.with_extension("audit.new");
            let mut file = File::create(&beside)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            fs::rename(&beside, &self.path)?;
            File::open(folder)?.sync_all()
        };
        write().map_err(|error| format!("{}: {error}", self.path.display()))
    }
}
