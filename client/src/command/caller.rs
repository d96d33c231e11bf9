//! Who calls, and through which node: what every command needs to build and sign an act.

use super::failure::Failure;
use super::language::Language;
use super::options::Options;
use super::value::{Digest, ExportControl, Figure, PatentName};
use std::fmt::Display;
use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tongda_client::digest::{self, Salt};
use tongda_client::{Node, Session, Signer, keys};
use tongda_ledger::act::royalty::RoyaltyAmount;
use tongda_ledger::act::transfer::Export;
use tongda_ledger::disclosure;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{Date, MemberId, PartyId, PatentId, Timestamp};
use tongda_ledger::key::{PublicKey, SigningKey};
use tongda_ledger::vote::NetworkId;

/// The caller.
#[derive(Debug)]
pub(crate) struct Caller {
    /// The node that is asked.
    pub(crate) node: Node,
    /// The options given.
    pub(crate) options: Options,
    /// What to print in.
    pub(crate) language: Language,
    author: OnceLock<MemberId>,
}

impl Caller {
    /// The caller that these options name.
    pub(crate) fn new(options: Options) -> Result<Self, Failure> {
        let node = Node::any_of(options.node.iter().map(String::as_str))?;
        let node = node.patient(Duration::from_secs(options.signing.wait));
        let language = options.lang.unwrap_or_else(Language::of_environment);
        Ok(Self { node, options, language, author: OnceLock::new() })
    }

    /// The member who acts: the one named, or the one who holds the key.
    pub(crate) async fn author(&self) -> Result<MemberId, Failure> {
        if let Some(member) = self.options.member.or_else(|| self.author.get().copied()) {
            return Ok(member);
        }
        let path = self.key_files()?.first().ok_or("no key given")?;
        let key = keys::public(path)?;
        let Some(member) = self.node.member_with(&key).await? else {
            return Err(Failure::Broken(format!(
                "no member of this network holds the key of {} ({key}): name the member with --as, or enter the key \
                 with `tongda member key add`",
                path.display()
            )));
        };
        Ok(*self.author.get_or_init(|| member.id))
    }

    /// The member named, or the one who acts.
    pub(crate) async fn member(&self, named: Option<MemberId>) -> Result<MemberId, Failure> {
        match named {
            Some(member) => Ok(member),
            None => self.author().await,
        }
    }

    fn key_files(&self) -> Result<&[PathBuf], Failure> {
        if self.options.key.is_empty() {
            let text = "no key given: pass --key FILE or set TONGDA_KEY; `tongda key new FILE` makes one";
            return Err(Failure::Usage(text.into()));
        }
        Ok(&self.options.key)
    }

    /// The caller's keys, opened.
    pub(crate) fn keys(&self) -> Result<Vec<SigningKey>, Failure> {
        self.key_files()?.iter().map(|path| open(path)).collect()
    }

    /// The caller's keys as those that an act enrols, opened.
    pub(crate) fn new_keys(&self) -> Result<Vec<SigningKey>, Failure> {
        self.key_files()?.iter().map(|path| open_new(path)).collect()
    }

    /// The caller as a signer, in the network of the node or the one named.
    pub(crate) async fn session(&self) -> Result<Session, Failure> {
        let signer = Signer::new(self.author().await?, self.keys()?);
        Ok(match self.options.network {
            Some(network) => Session::open_in(self.node.clone(), signer, NetworkId(network)).await?,
            None => Session::open(self.node.clone(), signer).await?,
        })
    }

    /// The id of a patent.
    pub(crate) async fn patent(&self, name: PatentName) -> Result<PatentId, Failure> {
        match name {
            PatentName::Id(id) => Ok(id),
            PatentName::Number(number) => Ok(self.node.patent(number).await?.id),
        }
    }

    /// The ids of patents.
    pub(crate) async fn patents(&self, names: &[PatentName]) -> Result<Vec<PatentId>, Failure> {
        let mut ids = Vec::new();
        for name in names {
            ids.push(self.patent(*name).await?);
        }
        Ok(ids)
    }

    /// The parties named or, if none is, all owners of the patents as the register has them.
    pub(crate) async fn owners(
        &self,
        named: &[PartyId],
        patents: &[PatentId],
    ) -> Result<Vec<PartyId>, Failure> {
        if !named.is_empty() {
            return Ok(named.to_vec());
        }
        let mut owners = Vec::new();
        for patent in patents {
            for owner in &self.node.patent(patent).await?.patent.owners {
                if !owners.contains(&owner.party) {
                    owners.push(owner.party);
                }
            }
        }
        Ok(owners)
    }

    /// The digest of a confidential document: salted, with the salt kept beside the document.
    pub(crate) fn salted(&self, digest: &Digest) -> Result<Hash, Failure> {
        match digest {
            Digest::Given(hash) => Ok(*hash),
            Digest::Of(path) => Ok(digest::salted(&salt_at(&salt_path(path))?, &read(path)?)),
        }
    }

    /// The digest of a document that has nothing to hide.
    pub(crate) fn plain(&self, digest: &Digest) -> Result<Hash, Failure> {
        match digest {
            Digest::Given(hash) => Ok(*hash),
            Digest::Of(path) => Ok(digest::plain(&read(path)?)),
        }
    }

    /// What export control says, with its document's digest.
    pub(crate) fn export(&self, export: &ExportControl) -> Result<Export, Failure> {
        Ok(match export {
            ExportControl::Free(digest) => Export::Free { registration: self.plain(digest)? },
            ExportControl::Restricted(digest) => Export::Restricted { licence: self.plain(digest)? },
            ExportControl::Banned => Export::Banned,
        })
    }

    /// An amount as it may stand on the ledger: in figures, or sealed under a salt that is kept in a file.
    pub(crate) fn figure(&self, figure: &Figure) -> Result<RoyaltyAmount, Failure> {
        Ok(match figure {
            Figure::Public(amount) => RoyaltyAmount::Public { amount: *amount },
            Figure::Sealed(digest) => RoyaltyAmount::Sealed { digest: *digest },
            Figure::Seal { amount, salt } => {
                RoyaltyAmount::Sealed { digest: disclosure::of_amount(&salt_at(salt)?, *amount) }
            }
        })
    }

    /// The salted digest of a document, if one is named.
    pub(crate) fn maybe_salted(&self, digest: Option<&Digest>) -> Result<Option<Hash>, Failure> {
        digest.map(|digest| self.salted(digest)).transpose()
    }
}

/// The day named, or today in Beijing.
pub(crate) fn day(named: Option<Date>) -> Date {
    named.unwrap_or_else(|| now().date())
}

/// This machine's time.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let milliseconds = u64::try_from(since.as_millis()).unwrap_or(u64::MAX);
    Timestamp::try_from(0).expect("1970 is a time").plus_milliseconds(milliseconds)
}

/// Opens a member's key file; the passphrase comes from `TONGDA_PASSPHRASE` or is asked for.
pub(crate) fn open(path: &Path) -> Result<SigningKey, Failure> {
    Ok(keys::load(path, || passphrase_of(path))?)
}

/// Opens the key file of a key that an act enrols, a member's or a node's.
pub(crate) fn open_new(path: &Path) -> Result<SigningKey, Failure> {
    Ok(keys::load_new(path, || passphrase_of(path))?)
}

fn passphrase_of(path: &Path) -> Option<String> {
    passphrase(&format!("口令 · passphrase of {}: ", path.display()))
}

/// A passphrase from `TONGDA_PASSPHRASE` or the terminal; `None` when there is neither.
pub(crate) fn passphrase(prompt: &str) -> Option<String> {
    if let Ok(passphrase) = std::env::var("TONGDA_PASSPHRASE") {
        return Some(passphrase);
    }
    std::io::stdin().is_terminal().then(|| rpassword::prompt_password(prompt).ok()).flatten()
}

/// The public keys of key files, read without a passphrase.
pub(crate) fn public_keys(paths: &[PathBuf]) -> Result<Vec<PublicKey>, Failure> {
    paths.iter().map(|path| Ok(keys::public(path)?)).collect()
}

/// A file's bytes.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::Broken(format!("{}: {error}", path.display())))
}

/// A file's text.
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure::Broken(format!("{}: {error}", path.display())))
}

/// A text as it was typed, or that of the file named with `@FILE`.
pub(crate) fn typed_or_read<T: FromStr<Err: Display>>(typed: &str, option: &str) -> Result<T, Failure> {
    let text = match typed.strip_prefix('@') {
        Some(path) => read_text(path.as_ref())?.trim().to_owned(),
        None => typed.to_owned(),
    };
    text.parse().map_err(|error| Failure::Usage(format!("{option}: {error}")))
}

/// Where the salt of a document is kept: in `FILE.salt`.
pub(crate) fn salt_path(document: &Path) -> PathBuf {
    let mut name = document.as_os_str().to_owned();
    name.push(".salt");
    PathBuf::from(name)
}

/// The salt in a file.
pub(crate) fn read_salt(path: &Path) -> Result<Salt, Failure> {
    let mut salt = Salt::default();
    hex::decode_to_slice(read_text(path)?.trim(), &mut salt)
        .map_err(|_| Failure::Broken(format!("{}: a salt is 64 hexadecimal digits", path.display())))?;
    Ok(salt)
}

/// The salt in a file; made when there is none.
fn salt_at(path: &Path) -> Result<Salt, Failure> {
    if path.exists() {
        return read_salt(path);
    }
    let wrong = |error: std::io::Error| Failure::Broken(format!("{}: {error}", path.display()));
    let salt = digest::salt();
    let mut file = secret_file(path).map_err(wrong)?;
    writeln!(file, "{}", hex::encode(salt)).map_err(wrong)?;
    file.sync_all().map_err(wrong)?;
    eprintln!(
        "盐值已存于 {0}，请与原文一并保存 · the salt stands in {0}: keep it with what it covers",
        path.display()
    );
    Ok(salt)
}

/// A new file that its owner alone can read.
pub(crate) fn secret_file(path: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
