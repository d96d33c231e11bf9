//! `tongda disclose`: show what a salted digest on the ledger stands for, and check what was shown. Offline.

use super::caller::{Caller, read, read_salt, read_text, salt_path, secret_file};
use super::failure::Failure;
use super::show::{print, tree};
use clap::{Args, Subcommand};
use serde_json::json;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use tongda_ledger::codec::Text;
use tongda_ledger::disclosure::{Content, Disclosure};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::Money;

/// What is disclosed or checked.
#[derive(Subcommand, Debug)]
pub(crate) enum DiscloseVerb {
    /// 出示文件，盐值取自 FILE.salt · Disclose a document with its salt, kept in FILE.salt
    Document(Document),
    /// 出示数额 · Disclose an amount with its salt
    Amount(Amount),
    /// 以账本上的摘要核对所出示的 · Check a disclosure against the digest on the ledger
    Check(Check),
}

/// `tongda disclose document`.
#[derive(Args, Debug)]
pub(crate) struct Document {
    /// 文件 · The document
    document: PathBuf,
    /// 盐值文件，缺省为 FILE.salt · The file of the salt; without it, FILE.salt
    #[arg(long, value_name = "FILE")]
    salt: Option<PathBuf>,
    /// 媒体类型 · How the document is opened
    #[arg(long, value_name = "TYPE", default_value = "application/octet-stream")]
    media_type: Text<100>,
    /// 写入文件，缺省输出到屏幕 · Write the disclosure to this new file; without it, print it
    #[arg(long, value_name = "FILE")]
    into: Option<PathBuf>,
}

/// `tongda disclose amount`.
#[derive(Args, Debug)]
pub(crate) struct Amount {
    /// 数额（元） · The amount, in yuan
    amount: Money,
    /// 盐值文件 · The file of the salt
    #[arg(long, value_name = "FILE")]
    salt: PathBuf,
    /// 写入文件，缺省输出到屏幕 · Write the disclosure to this new file; without it, print it
    #[arg(long, value_name = "FILE")]
    into: Option<PathBuf>,
}

/// `tongda disclose check`.
#[derive(Args, Debug)]
pub(crate) struct Check {
    /// 所出示的文件 · The disclosure
    disclosure: PathBuf,
    /// 账本上的摘要 · The digest on the ledger
    digest: Hash,
    /// 核对无误后将原文写入新文件 · When it is right, write the document to this new file
    #[arg(long, value_name = "FILE")]
    into: Option<PathBuf>,
}

/// Makes or checks a disclosure.
pub(crate) fn run(caller: &Caller, verb: &DiscloseVerb) -> Result<(), Failure> {
    match verb {
        DiscloseVerb::Document(document) => {
            hand_over(caller, &document.disclosure()?, document.into.as_deref())
        }
        DiscloseVerb::Amount(amount) => hand_over(caller, &amount.disclosure()?, amount.into.as_deref()),
        DiscloseVerb::Check(check) => {
            let disclosure = check.right()?;
            let shown = match &disclosure.content {
                Content::Document { media_type, size, .. } => {
                    json!({ "media_type": media_type, "bytes": size })
                }
                Content::Amount { amount } => json!({ "amount": amount }),
            };
            let report = json!({ "outcome": "right", "digest": check.digest, "content": shown });
            print(caller, &report, |report| {
                let right = caller
                    .language
                    .say("与账本上的摘要相符", "it is what the digest on the ledger stands for");
                format!("✓ {right}\n{}", tree(&report["content"]))
            });
            Ok(())
        }
    }
}

impl Document {
    fn disclosure(&self) -> Result<Disclosure, Failure> {
        let salt = self.salt.clone().unwrap_or_else(|| salt_path(&self.document));
        Ok(Disclosure::of_document(read_salt(&salt)?, self.media_type.clone(), read(&self.document)?))
    }
}

impl Amount {
    fn disclosure(&self) -> Result<Disclosure, Failure> {
        Ok(Disclosure::of_amount(read_salt(&self.salt)?, self.amount))
    }
}

impl Check {
    /// The disclosure, if it is what the digest stands for; its document is then written where it is wanted.
    fn right(&self) -> Result<Disclosure, Failure> {
        let path = self.disclosure.display();
        let disclosure: Disclosure = serde_json::from_str(&read_text(&self.disclosure)?)
            .map_err(|error| Failure::Broken(format!("{path}: no disclosure: {error}")))?;
        disclosure.check(self.digest).map_err(|error| Failure::Broken(format!("{path}: {error}")))?;
        match (&self.into, &disclosure.content) {
            (Some(into), Content::Document { bytes, .. }) => write_new(into, bytes)?,
            (Some(_), Content::Amount { .. }) => {
                return Err("an amount is no document: leave --into out".into());
            }
            (None, _) => {}
        }
        Ok(disclosure)
    }
}

/// Writes a disclosure to a file, or prints it; says which digest it comes to.
fn hand_over(caller: &Caller, disclosure: &Disclosure, into: Option<&Path>) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(disclosure).expect("a disclosure has a JSON form");
    let Some(path) = into else {
        println!("{text}");
        return Ok(());
    };
    write_new(path, format!("{text}\n").as_bytes())?;
    let report = json!({ "outcome": "disclosed", "file": path, "digest": disclosure.digest() });
    print(caller, &report, tree);
    Ok(())
}

/// Writes a new file that its owner alone can read.
fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let wrong = |error: std::io::Error| Failure::Broken(format!("{}: {error}", path.display()));
    let mut file = secret_file(path).map_err(wrong)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tongda_ledger::disclosure;

    /// A directory with a document, its salt, and nothing else.
    fn kept(salt: &str) -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let document = directory.path().join("contract.txt");
        std::fs::write(&document, "合同").unwrap();
        std::fs::write(salt_path(&document), salt).unwrap();
        (directory, document)
    }

    fn document(document: &Path) -> Document {
        let media_type = "text/plain".parse().unwrap();
        Document { document: document.to_owned(), salt: None, media_type, into: None }
    }

    #[test]
    fn a_disclosed_document_is_right_for_its_digest_and_wrong_for_any_other() {
        let (directory, contract) = kept(&"07".repeat(32));
        let made = document(&contract).disclosure().unwrap();
        let file = directory.path().join("disclosure.json");
        std::fs::write(&file, serde_json::to_string(&made).unwrap()).unwrap();
        let digest = disclosure::of_document(&[7; 32], "合同".as_bytes());
        let copy = directory.path().join("copy.txt");
        let check = |digest| Check { disclosure: file.clone(), digest, into: Some(copy.clone()) };

        let other = disclosure::of_document(&[8; 32], "合同".as_bytes());
        let error = check(other).right().unwrap_err().message();
        assert!(error.contains(&digest.to_string()) && error.contains(&other.to_string()), "{error}");
        assert!(!copy.exists(), "what is wrong is not written");

        assert_eq!(check(digest).right().unwrap(), made);
        assert_eq!(std::fs::read_to_string(&copy).unwrap(), "合同");
        assert!(check(digest).right().is_err(), "a file that is there is not overwritten");
    }

    #[test]
    fn a_disclosed_amount_is_the_one_that_was_sealed() {
        let (directory, contract) = kept(&"09".repeat(32));
        let amount: Money = "5000".parse().unwrap();
        let made = Amount { amount, salt: salt_path(&contract), into: None }.disclosure().unwrap();
        assert_eq!(made.digest(), disclosure::of_amount(&[9; 32], amount));
        let file = directory.path().join("amount.json");
        std::fs::write(&file, serde_json::to_string(&made).unwrap()).unwrap();
        let check = Check { disclosure: file, digest: made.digest(), into: Some(directory.path().join("x")) };
        let error = check.right().unwrap_err().message();
        assert!(error.contains("--into"), "{error}");
    }

    #[test]
    fn nothing_is_disclosed_without_its_salt() {
        let (_directory, contract) = kept("");
        let error = document(&contract).disclosure().unwrap_err().message();
        assert!(error.contains("64 hexadecimal digits"), "{error}");
        std::fs::remove_file(salt_path(&contract)).unwrap();
        assert!(document(&contract).disclosure().is_err());
        assert!(!salt_path(&contract).exists(), "a salt that is drawn now would cover nothing");
    }
}
