//! Make and open a member's key files.

use serde::Deserialize;
use std::path::Path;
pub use tongda_genesis::keys::KeyFileError;
use tongda_genesis::keys::{KeyFile, Protection, Purpose};
use tongda_ledger::key::{PublicKey, SigningKey};

/// Makes a member's key in a new file, encrypted under the passphrase.
///
/// # Errors
/// [`KeyFileError`] when the file exists or cannot be written.
pub fn create(path: &Path, passphrase: String) -> Result<PublicKey, KeyFileError> {
    let file = KeyFile::generate(Purpose::Member, &mut rand::rngs::OsRng);
    file.save(path, &Protection::Passphrase(passphrase.into()))?;
    Ok(file.key.public())
}

/// Makes a member's key in a new file that its owner alone may read, not encrypted: for a system that signs unattended.
///
/// # Errors
/// [`KeyFileError`] when the file exists or cannot be written.
pub fn create_plain(path: &Path) -> Result<PublicKey, KeyFileError> {
    let file = KeyFile::generate(Purpose::Member, &mut rand::rngs::OsRng);
    file.save(path, &Protection::OwnerOnly)?;
    Ok(file.key.public())
}

/// Opens a member's key; `ask` is called for the passphrase if the file is encrypted.
///
/// # Errors
/// [`KeyFileError`] when the file is damaged, open to others, a node's, or the passphrase is missing or wrong.
pub fn load(path: &Path, ask: impl FnOnce() -> Option<String>) -> Result<SigningKey, KeyFileError> {
    KeyFile::load(path, || ask().map(Into::into))?.for_purpose(Purpose::Member, path)
}

/// Opens a key that an act enrols, a member's or a node's, as [`load`] does a member's.
///
/// # Errors
/// [`KeyFileError`] when the file is damaged, open to others, or the passphrase is missing or wrong.
pub fn load_new(path: &Path, ask: impl FnOnce() -> Option<String>) -> Result<SigningKey, KeyFileError> {
    Ok(KeyFile::load(path, || ask().map(Into::into))?.key)
}

/// The public half of a key file, read without a passphrase. Nothing is proved: the secret half may be another's.
///
/// # Errors
/// [`KeyFileError`] when the file cannot be read or is no key file.
pub fn public(path: &Path) -> Result<PublicKey, KeyFileError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct Head {
        public_key: PublicKey,
    }
    let text =
        std::fs::read_to_string(path).map_err(|source| KeyFileError::Io { path: path.to_owned(), source })?;
    let head: Head = toml::from_str(&text).map_err(|error| KeyFileError::Format {
        path: path.to_owned(),
        reason: error.message().to_owned(),
    })?;
    Ok(head.public_key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_opens_under_its_passphrase_and_shows_its_public_half_without() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("member.key");
        let made = create(&path, "通达".to_owned()).unwrap();
        assert_eq!(public(&path).unwrap(), made);
        assert_eq!(load(&path, || Some("通达".to_owned())).unwrap().public(), made);
        assert!(load(&path, || None).is_err());
        assert!(create(&path, "again".to_owned()).is_err(), "a key is never overwritten");
    }

    #[test]
    fn a_plain_key_opens_without_being_asked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("gateway.key");
        let made = create_plain(&path).unwrap();
        let opened = load(&path, || panic!("there is no passphrase")).unwrap();
        assert_eq!(opened.public(), made);
    }
}
