//! Move a directory that cannot be used out of the way, and keep the newest of those moved.

use super::error::StoreError;
use super::segment::sync_directory;
use std::path::{Path, PathBuf};

/// An index that could not be used and was moved away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Where it lies now. It can be deleted.
    pub moved_to: PathBuf,
    /// Why it could not be used.
    pub reason: String,
}

impl std::fmt::Display for SetAside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.moved_to.display(), self.reason)
    }
}

/// Moves the directory to the next `<directory>.broken-<n>` and deletes earlier ones. `None` when there is none.
pub(crate) fn move_aside(directory: &Path, reason: String) -> Result<Option<SetAside>, StoreError> {
    if !directory.exists() {
        return Ok(None);
    }
    let parent = parent_of(directory);
    let broken = beside(directory, ".broken-");
    let prefix = broken.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut newest = 0;
    for entry in parent.read_dir().map_err(StoreError::io("list", parent))? {
        let path = entry.map_err(StoreError::io("list", parent))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(number) = name.strip_prefix(&prefix).and_then(|number| number.parse::<u64>().ok()) {
            newest = newest.max(number);
            std::fs::remove_dir_all(&path).map_err(StoreError::io("remove", &path))?;
        }
    }
    let moved_to = beside(directory, &format!(".broken-{}", newest + 1));
    std::fs::rename(directory, &moved_to).map_err(StoreError::io("move aside", directory))?;
    sync_directory(parent)?;
    Ok(Some(SetAside { moved_to, reason }))
}

/// The directory that holds `directory`.
pub(crate) fn parent_of(directory: &Path) -> &Path {
    directory.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The path of a neighbour of `directory`: its name with `suffix`.
pub(crate) fn beside(directory: &Path, suffix: &str) -> PathBuf {
    let mut name = directory.file_name().unwrap_or_default().to_owned();
    name.push(suffix);
    directory.with_file_name(name)
}
