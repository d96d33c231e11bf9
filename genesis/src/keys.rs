//! Keep signing keys on disk: encrypted under a passphrase, or plain for machines that start unattended.
//!
//! A key file is a small TOML file with the key's purpose, its public half and its secret. A member's key signs for
//! an organisation: its secret is encrypted with age under a passphrase (scrypt). A node's keys must be at hand when
//! the machine restarts at night, so their secrets stand plain in a file that its owner alone may read; guard the
//! machine and its backups accordingly. A file that others may read is refused.

use age::secrecy::SecretString;
use rand::{CryptoRng, RngCore};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use tongda_ledger::key::{PublicKey, SigningKey};
use zeroize::Zeroizing;

/// What a key is for. Every purpose has its own key: a signature for the one is never one for the other.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// A node's votes in the consensus.
    Vote,
    /// A node's cosignatures under checkpoints.
    Cosign,
    /// The identity of a node's connections.
    Network,
    /// A node's own line under the checkpoints that it serves.
    Log,
    /// The acts of a member.
    Member,
    /// A node's cosignatures as a witness of other logs.
    Witness,
}

/// A signing key with its purpose.
#[derive(Clone, Debug)]
pub struct KeyFile {
    /// What it is for.
    pub purpose: Purpose,
    /// The key.
    pub key: SigningKey,
}

/// How a secret is kept on disk.
#[derive(Clone, Debug)]
pub enum Protection {
    /// Encrypted under a passphrase: for members' keys.
    Passphrase(SecretString),
    /// Readable by the file's owner alone: for nodes' keys, which must be at hand without a person.
    OwnerOnly,
}

/// Why a key file cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file system says no.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A key file is never overwritten: the old key would be lost.
    #[error("{} exists already and is never overwritten; move it away or choose another name", .0.display())]
    Exists(PathBuf),
    /// Others may read it.
    #[error(
        "{} can be read by others than its owner (mode {mode:03o}): take the right away with `chmod 600 {}`, and \
         replace the key if somebody may have read it", path.display(), path.display()
    )]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Not a key file.
    #[error("{} is no key file: {reason}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A key of another purpose.
    #[error("{} holds a {found} key where a {expected} key is needed", path.display())]
    Purpose {
        /// The file.
        path: PathBuf,
        /// What it is for.
        found: Purpose,
        /// What is needed.
        expected: Purpose,
    },
    /// No passphrase, or a wrong one.
    #[error("{}: {reason}", path.display())]
    Passphrase {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}

/// The form on disk.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct OnDisk {
    purpose: Purpose,
    public_key: PublicKey,
    seed: Option<String>,
    encrypted_seed: Option<String>,
}

/// The work of one try at a passphrase: 2 to this power, about half a second and 128 MiB.
const WORK_FACTOR: u8 = 17;
/// More work than this is refused: it would take the memory of the machine that reads the file.
const WORK_FACTOR_LIMIT: u8 = 20;
/// A key file is shorter than this; a longer file is none.
const FILE_LIMIT: u64 = 16 * 1024;

impl KeyFile {
    /// A new key.
    pub fn generate(purpose: Purpose, random: &mut (impl RngCore + CryptoRng)) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        random.fill_bytes(seed.as_mut());
        Self { purpose, key: SigningKey::from_seed(&seed) }
    }

    /// Writes the key to a new file that its owner alone may read.
    ///
    /// # Errors
    /// [`KeyFileError`] when the file exists or cannot be written.
    pub fn save(&self, path: &Path, protection: &Protection) -> Result<(), KeyFileError> {
        let text = self.text(path, protection)?;
        let io = |source| KeyFileError::Io { path: path.to_owned(), source };
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(|source| match source.kind() {
            std::io::ErrorKind::AlreadyExists => KeyFileError::Exists(path.to_owned()),
            _ => io(source),
        })?;
        file.write_all(text.as_bytes()).map_err(io)?;
        file.sync_all().map_err(io)
    }

    fn text(&self, path: &Path, protection: &Protection) -> Result<Zeroizing<String>, KeyFileError> {
        let seed = Zeroizing::new(self.key.seed());
        let digits = Zeroizing::new(hex::encode(seed.as_ref()));
        let head = format!(
            "# 通达密钥文件，请勿外传 · Key file of Tongda: keep it to yourself\npurpose = \"{}\"\npublic-key = \"{}\"\n",
            self.purpose,
            self.key.public()
        );
        Ok(Zeroizing::new(match protection {
            Protection::OwnerOnly => format!(
                "{head}# 未加密：节点须能无人值守启动 · Not encrypted: a node must start unattended\nseed = \"{}\"\n",
                *digits
            ),
            Protection::Passphrase(passphrase) => {
                let mut recipient = age::scrypt::Recipient::new(passphrase.clone());
                recipient.set_work_factor(WORK_FACTOR);
                let armoured = age::encrypt_and_armor(&recipient, digits.as_bytes()).map_err(|error| {
                    KeyFileError::Passphrase { path: path.to_owned(), reason: error.to_string() }
                })?;
                format!("{head}encrypted-seed = \"\"\"\n{armoured}\"\"\"\n")
            }
        }))
    }

    /// Reads a key; `ask` is called for the passphrase if one is needed, and may decline with `None`.
    ///
    /// # Errors
    /// [`KeyFileError`] when others may read the file, it is damaged, or the passphrase is missing or wrong.
    pub fn load(path: &Path, ask: impl FnOnce() -> Option<SecretString>) -> Result<Self, KeyFileError> {
        let io = |source| KeyFileError::Io { path: path.to_owned(), source };
        let format = |reason: &str| KeyFileError::Format { path: path.to_owned(), reason: reason.into() };
        let file = std::fs::File::open(path).map_err(io)?;
        check_permissions(path, &file.metadata().map_err(io)?)?;
        let mut text = Zeroizing::new(String::new());
        file.take(FILE_LIMIT).read_to_string(&mut text).map_err(io)?;
        // The reader's own message would quote the line, and the line may be the secret.
        let disk: OnDisk = toml::from_str(&text).map_err(|error| format(error.message()))?;
        let digits = match (disk.seed, disk.encrypted_seed) {
            (Some(digits), None) => Zeroizing::new(digits),
            (None, Some(armoured)) => decrypted(path, &armoured, ask)?,
            _ => return Err(format("it has either `seed` or `encrypted-seed`")),
        };
        let mut seed = Zeroizing::new([0; 32]);
        hex::decode_to_slice(digits.trim(), seed.as_mut())
            .map_err(|_| format("a seed is 64 hexadecimal digits"))?;
        let key = SigningKey::from_seed(&seed);
        if key.public() != disk.public_key {
            return Err(format("the seed is not that of the public key beside it"));
        }
        Ok(Self { purpose: disk.purpose, key })
    }

    /// The key, if it is for `purpose`; `path` is named in the error.
    ///
    /// # Errors
    /// [`KeyFileError::Purpose`] when it is for another.
    pub fn for_purpose(self, purpose: Purpose, path: &Path) -> Result<SigningKey, KeyFileError> {
        if self.purpose == purpose {
            Ok(self.key)
        } else {
            Err(KeyFileError::Purpose { path: path.to_owned(), found: self.purpose, expected: purpose })
        }
    }
}

fn decrypted(
    path: &Path,
    armoured: &str,
    ask: impl FnOnce() -> Option<SecretString>,
) -> Result<Zeroizing<String>, KeyFileError> {
    let refused = |reason: String| KeyFileError::Passphrase { path: path.to_owned(), reason };
    let passphrase = ask().ok_or_else(|| refused("the key is encrypted and needs its passphrase".into()))?;
    let mut identity = age::scrypt::Identity::new(passphrase);
    identity.set_max_work_factor(WORK_FACTOR_LIMIT);
    let bytes = age::decrypt(&identity, armoured.as_bytes()).map_err(|error| match error {
        age::DecryptError::DecryptionFailed | age::DecryptError::KeyDecryptionFailed => {
            refused("the passphrase is wrong".into())
        }
        other => refused(format!("the encrypted seed cannot be read: {other}")),
    })?;
    let bytes = Zeroizing::new(bytes);
    let text = std::str::from_utf8(&bytes).map_err(|_| refused("the encrypted seed is no text".into()))?;
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(unix)]
fn check_permissions(path: &Path, metadata: &std::fs::Metadata) -> Result<(), KeyFileError> {
    let mode = std::os::unix::fs::MetadataExt::mode(metadata) & 0o777;
    if mode & 0o077 == 0 { Ok(()) } else { Err(KeyFileError::TooOpen { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn check_permissions(_: &Path, _: &std::fs::Metadata) -> Result<(), KeyFileError> {
    Ok(())
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Vote => "vote",
            Self::Cosign => "cosign",
            Self::Network => "network",
            Self::Log => "log",
            Self::Member => "member",
            Self::Witness => "witness",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng as _;

    fn key(purpose: Purpose) -> KeyFile {
        KeyFile::generate(purpose, &mut rand::rngs::StdRng::seed_from_u64(7))
    }

    fn unasked() -> Option<SecretString> {
        panic!("a plain key needs no passphrase")
    }

    #[test]
    fn a_plain_key_comes_back_without_a_passphrase() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vote.key");
        let key = key(Purpose::Vote);
        key.save(&path, &Protection::OwnerOnly).unwrap();
        let read = KeyFile::load(&path, unasked).unwrap();
        assert_eq!((read.purpose, read.key.public()), (Purpose::Vote, key.key.public()));
        assert!(matches!(key.save(&path, &Protection::OwnerOnly), Err(KeyFileError::Exists(_))));
        assert!(matches!(read.for_purpose(Purpose::Cosign, &path), Err(KeyFileError::Purpose { .. })));
    }

    #[test]
    fn an_encrypted_key_comes_back_under_its_passphrase_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("member.key");
        let key = key(Purpose::Member);
        key.save(&path, &Protection::Passphrase("开放许可".to_owned().into())).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            text.contains("AGE ENCRYPTED FILE") && !text.contains(&hex::encode(key.key.seed())),
            "{text}"
        );
        let read = KeyFile::load(&path, || Some("开放许可".to_owned().into())).unwrap();
        assert_eq!(read.key.seed(), key.key.seed());
        let wrong = KeyFile::load(&path, || Some("开放".to_owned().into())).unwrap_err();
        assert!(wrong.to_string().contains("the passphrase is wrong"), "{wrong}");
        assert!(matches!(KeyFile::load(&path, || None), Err(KeyFileError::Passphrase { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_may_read_is_refused_with_the_cure() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vote.key");
        key(Purpose::Vote).save(&path, &Protection::OwnerOnly).unwrap();
        for mode in [0o640, 0o604, 0o620, 0o601] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let error = KeyFile::load(&path, unasked).unwrap_err().to_string();
            assert!(error.contains("chmod 600"), "{error}");
        }
    }

    #[test]
    fn a_damaged_key_file_is_refused_without_quoting_the_secret() {
        let folder = tempfile::tempdir().unwrap();
        let whole = folder.path().join("whole.key");
        let key = key(Purpose::Vote);
        key.save(&whole, &Protection::OwnerOnly).unwrap();
        let text = std::fs::read_to_string(&whole).unwrap();
        let seed = hex::encode(key.key.seed());
        let other = hex::encode([9; 32]);
        for (n, damaged) in [
            text.replace(&seed, &seed[1..]),
            text.replace(&seed, &other),
            text.replace("seed =", "sead ="),
            text.replace("\"vote\"", "\"veto\""),
            text.replace(&format!("\"{seed}\""), &format!("\"{seed}")),
        ]
        .into_iter()
        .enumerate()
        {
            let path = folder.path().join(format!("{n}.key"));
            std::fs::copy(&whole, &path).unwrap();
            std::fs::write(&path, damaged).unwrap();
            let error = KeyFile::load(&path, unasked).unwrap_err();
            assert!(matches!(error, KeyFileError::Format { .. }), "{error}");
            assert!(!error.to_string().contains(&seed[1..]), "{error}");
        }
    }
}
