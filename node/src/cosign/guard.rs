//! Remember the largest tree that a node's key has cosigned: never a smaller one, never two of one size.
//!
//! ```text
//! tongda cosigning guard 1
//! network 5c0b…            whose log
//! key ed25519:91af…        whose signatures
//! size 1234                the largest tree that was or may have been cosigned; 0: none yet
//! root 7d1e…
//! silent lost              only when the key cosigns nothing more: why
//! sha256 02c4…             of all lines above
//! ```
//!
//! The file stands beside the vote log and, like that, is never restored from a backup. It is durable before a
//! signature leaves the process; so after a crash it may name a tree that was never signed, and never lacks one that
//! was. A larger tree is signed only where the node's own log at the guard's size has the guard's root.

use super::disk::{Disk, Folder};
use super::silence::Silence;
use super::tree::Tree;
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use tongda_ledger::hash::Hash;
use tongda_ledger::key::{PublicKey, SigningKey};
use tongda_ledger::tree::{Checkpoint, Cosignature, empty_root, origin};
use tongda_ledger::vote::NetworkId;

/// The guard's file in the consensus directory.
pub const NAME: &str = "cosign-guard";

const TITLE: &str = "tongda cosigning guard 1";

/// Whose signatures a guard guards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guarded {
    /// The network whose log is signed.
    pub network: NetworkId,
    /// The key that signs.
    pub key: PublicKey,
}

/// What a guard's file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// Whose guard it is.
    pub guarded: Guarded,
    /// The largest tree that was or may have been cosigned.
    pub largest: Tree,
    /// Why the key cosigns nothing more.
    pub silent: Option<Silence>,
}

/// Why a guard's file could not be read, written or made.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// The disk.
    #[error("could not {doing} {path}: {error}; check the disk, its free space and the permissions")]
    Io {
        /// What was being done, as a verb.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// There is a guard for this key.
    #[error("{path} is the guard of this very key: a second one would forget what the first one knows")]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// There is a guard that cannot be read: it may be this key's.
    #[error(
        "{path} cannot be read ({reason}), and may be the guard of this key: only a key that is new is safe"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

/// Why a tree was not cosigned.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The key cosigns nothing more.
    #[error("{0}")]
    Silent(Silence),
    /// A smaller tree than one that was signed.
    #[error("a tree of {size} leaves is smaller than the one of {largest} that was cosigned")]
    Smaller {
        /// The tree offered.
        size: u64,
        /// The largest signed.
        largest: u64,
    },
    /// The node's log cannot tell its root at the guard's size.
    #[error("the log cannot show that it continues the tree of {size} leaves that was cosigned: {reason}")]
    Unproven {
        /// The size of the guard's tree.
        size: u64,
        /// Why not.
        reason: String,
    },
    /// The guard could not be made durable.
    #[error(transparent)]
    Guard(#[from] GuardError),
}

impl Content {
    /// The file's text.
    fn text(&self) -> String {
        let Guarded { network, key } = &self.guarded;
        let Tree { size, root } = self.largest;
        let mut text = format!("{TITLE}\nnetwork {network}\nkey {key}\nsize {size}\nroot {root}\n");
        if let Some(silence) = &self.silent {
            // Writing to a string does not fail.
            let _ = writeln!(text, "silent {}", silence.word());
        }
        let digest = Hash::plain(&[text.as_bytes()]);
        let _ = writeln!(text, "sha256 {digest}");
        text
    }

    /// Reads the file's text: exactly what a guard writes, and nothing else.
    ///
    /// # Errors
    /// Says what is wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "it is no text".to_owned())?;
        let mut lines = text.lines();
        let mut line = |name: &str| {
            let line = lines.next().unwrap_or_default();
            let value = line.strip_prefix(name).and_then(|rest| rest.strip_prefix(' '));
            value.map(str::to_owned).ok_or(format!("the line `{name}` is missing"))
        };
        if line("tongda")? != TITLE.strip_prefix("tongda ").unwrap_or_default() {
            return Err("it is of another kind or version".into());
        }
        let network: Hash = line("network")?.parse().map_err(|_| "the network is none")?;
        let key = line("key")?.parse().map_err(|_| "the key is none")?;
        let size = line("size")?.parse().map_err(|_| "the size is none")?;
        let root = line("root")?.parse().map_err(|_| "the root is none")?;
        let silent = match line("silent") {
            Ok(word) => Some(Silence::of_word(&word).ok_or("it is silent for no known reason")?),
            Err(_) => None,
        };
        let guarded = Guarded { network: NetworkId(network), key };
        let content = Self { guarded, largest: Tree { size, root }, silent };
        // One form for one content: whatever else was changed shows here, the digest included.
        if content.text() == text { Ok(content) } else { Err("the digest is not that of the lines".into()) }
    }
}

/// What stands in a directory for a key.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// A guard.
    Guard(Content),
    /// None.
    Nothing,
    /// One that cannot be read, and why.
    Damaged(String),
}

/// The consensus directory as a place for a guard.
///
/// # Errors
/// [`GuardError::Io`] when it cannot be made.
pub fn folder(path: &Path) -> Result<Folder, GuardError> {
    Folder::open(path).map_err(io_error("create", path.to_owned()))
}

/// Looks at the guard in a consensus directory, changing nothing.
///
/// # Errors
/// [`GuardError::Io`] when the file cannot be read.
pub fn look<D: Disk>(disk: &D) -> Result<Found, GuardError> {
    let bytes = disk.read(NAME).map_err(io_error("read", disk.path(NAME)))?;
    Ok(match bytes.map(|bytes| Content::parse(&bytes)) {
        None => Found::Nothing,
        Some(Ok(content)) => Found::Guard(content),
        Some(Err(reason)) => Found::Damaged(reason),
    })
}

fn io_error(doing: &'static str, path: PathBuf) -> impl FnOnce(io::Error) -> GuardError {
    move |error| GuardError::Io { doing, path, error }
}

/// The only way to cosign with a key.
#[derive(Debug)]
pub struct Guard<D> {
    disk: D,
    key: SigningKey,
    content: Content,
}

impl<D: Disk> Guard<D> {
    /// Makes the first guard of a key. The guard of another key, if one stands there, is kept beside it.
    ///
    /// # Errors
    /// [`GuardError::Exists`] when this key has one, here or kept beside, in whatever state; [`GuardError::Damaged`] when
    /// it cannot be told whose guard stands there.
    pub fn make(disk: D, network: NetworkId, key: SigningKey) -> Result<Self, GuardError> {
        let guarded = Guarded { network, key: key.public() };
        let kept = kept_name(&guarded.key);
        if disk.read(&kept).map_err(io_error("read", disk.path(&kept)))?.is_some() {
            return Err(GuardError::Exists { path: disk.path(&kept) });
        }
        match look(&disk)? {
            Found::Nothing => {}
            Found::Guard(content) if content.guarded.key != guarded.key => {
                let kept = kept_name(&content.guarded.key);
                disk.replace(&kept, content.text().as_bytes()).map_err(io_error("keep", disk.path(&kept)))?;
            }
            Found::Guard(_) => return Err(GuardError::Exists { path: disk.path(NAME) }),
            Found::Damaged(reason) => return Err(GuardError::Damaged { path: disk.path(NAME), reason }),
        }
        let largest = Tree { size: 0, root: empty_root() };
        let guard = Self { disk, key, content: Content { guarded, largest, silent: None } };
        guard.write(&guard.content)?;
        Ok(guard)
    }

    /// Opens the guard of a key. Where there is none, or none that can be read, the key is silent from now on, durably:
    /// a guard that comes back later is one of a backup.
    ///
    /// # Errors
    /// [`GuardError::Io`] when the files cannot be read or written.
    pub fn open(disk: D, network: NetworkId, key: SigningKey) -> Result<Self, GuardError> {
        let guarded = Guarded { network, key: key.public() };
        let nothing = Tree { size: 0, root: empty_root() };
        let silenced =
            |silence| Content { guarded: guarded.clone(), largest: nothing, silent: Some(silence) };
        let (content, change) = match look(&disk)? {
            Found::Guard(content) if content.guarded == guarded => (content, false),
            Found::Guard(_) => (silenced(Silence::Other), false),
            Found::Nothing => (silenced(Silence::Lost), true),
            Found::Damaged(_) => {
                let aside = format!("{NAME}.damaged");
                disk.rename(NAME, &aside).map_err(io_error("keep", disk.path(NAME)))?;
                (silenced(Silence::Damaged), true)
            }
        };
        let guard = Self { disk, key, content };
        if change {
            guard.write(&guard.content)?;
        } else {
            // What was read may be the work of a process that was killed before it was durable.
            let again = |error| io_error("sync", guard.disk.path(NAME))(error);
            guard.disk.sync_file(NAME).and_then(|()| guard.disk.sync_names()).map_err(again)?;
        }
        Ok(guard)
    }

    /// The largest tree that was or may have been cosigned; its size is 0 when none was.
    pub const fn largest(&self) -> Tree {
        self.content.largest
    }

    /// Why the key cosigns nothing more, if it does not.
    pub const fn silent(&self) -> Option<&Silence> {
        self.content.silent.as_ref()
    }

    /// The public half of the key.
    pub const fn key(&self) -> &PublicKey {
        &self.content.guarded.key
    }

    /// Cosigns a tree at a time, in seconds since 1970. The guard is durable when this returns. `root_at` is the root of
    /// the node's own log at a size.
    ///
    /// # Errors
    /// [`Refused`] says why nothing was signed.
    pub fn cosign(
        &mut self,
        tree: Tree,
        time: u64,
        root_at: impl FnOnce(u64) -> Result<Hash, String>,
    ) -> Result<Cosignature, Refused> {
        if let Some(silence) = &self.content.silent {
            return Err(Refused::Silent(silence.clone()));
        }
        let largest = self.content.largest;
        if tree.size < largest.size {
            return Err(Refused::Smaller { size: tree.size, largest: largest.size });
        }
        if tree.size == largest.size {
            if tree.root != largest.root {
                return Err(self.silence(Silence::Contradicted));
            }
        } else {
            if largest.size > 0 {
                let unproven = |reason| Refused::Unproven { size: largest.size, reason };
                if root_at(largest.size).map_err(unproven)? != largest.root {
                    return Err(self.silence(Silence::Contradicted));
                }
            }
            let content = Content { largest: tree, ..self.content.clone() };
            self.write(&content)?;
            self.content = content;
        }
        let Guarded { network, .. } = &self.content.guarded;
        let text = Checkpoint { origin: origin(network), size: tree.size, root: tree.root }.text();
        Ok(Cosignature::sign(&self.key, time, &text))
    }

    /// Takes note of a verified cosignature of this very key that was seen elsewhere: over a larger tree than the guard
    /// knows, or another tree of that size, it shows that the guard is not the newest.
    ///
    /// # Errors
    /// [`Refused::Silent`] when the key is silent now.
    pub fn seen(&mut self, tree: Tree) -> Result<(), Refused> {
        let largest = self.content.largest;
        if tree.size > largest.size || (tree.size == largest.size && tree.root != largest.root) {
            return Err(self.silence(Silence::Restored));
        }
        Ok(())
    }

    /// Ends cosigning with this key, durably.
    fn silence(&mut self, silence: Silence) -> Refused {
        if self.content.silent.is_none() {
            self.content.silent = Some(silence);
            // It holds in this process whether or not it can be written.
            if let Err(error) = self.write(&self.content) {
                tracing::error!(%error, "cannot note that the cosigning key is silent");
            }
        }
        Refused::Silent(self.content.silent.clone().unwrap_or(Silence::Restored))
    }

    fn write(&self, content: &Content) -> Result<(), GuardError> {
        let text = content.text();
        self.disk.replace(NAME, text.as_bytes()).map_err(io_error("replace", self.disk.path(NAME)))
    }
}

/// Where the guard of a key is kept when the node has another one.
fn kept_name(key: &PublicKey) -> String {
    format!("{NAME}.{}", hex::encode(key.bytes().get(..8).unwrap_or_default()))
}
