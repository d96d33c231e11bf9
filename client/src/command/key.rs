//! `tongda key`: make and look at key files.

use super::caller::{Caller, passphrase};
use super::failure::Failure;
use super::show::{print, tree};
use clap::Subcommand;
use serde_json::json;
use std::path::PathBuf;
use tongda_client::keys;

/// What is done with key files.
#[derive(Subcommand, Debug)]
pub(crate) enum KeyVerb {
    /// 生成密钥，用口令加密 · Make a key, encrypted under a passphrase
    New {
        /// 新文件 · The new file
        file: PathBuf,
        /// 不加密，仅限无人值守的系统 · Do not encrypt it: for a system that signs unattended
        #[arg(long)]
        plain: bool,
    },
    /// 查看公钥 · Show the public key
    Show {
        /// 密钥文件，缺省为 --key · The file; without it, those of --key
        files: Vec<PathBuf>,
    },
}

/// Makes or shows keys.
pub(crate) fn run(caller: &Caller, verb: &KeyVerb) -> Result<(), Failure> {
    match verb {
        KeyVerb::New { file, plain } => {
            let key =
                if *plain { keys::create_plain(file)? } else { keys::create(file, chosen_passphrase()?)? };
            print(caller, &json!({ "file": file, "public_key": key }), |report| {
                let next = caller.language.say(
                    "下一步：把公钥交给交易机构登记，或者用 `tongda member key add` 增加",
                    "next: give the public key to your exchange to enrol, or add it with `tongda member key add`",
                );
                format!("{}{next}\n", tree(report))
            });
        }
        KeyVerb::Show { files } => {
            let files = if files.is_empty() { &caller.options.key } else { files };
            if files.is_empty() {
                return Err("name a key file, or pass --key FILE".into());
            }
            for file in files {
                let report = json!({ "file": file, "public_key": keys::public(file)? });
                print(caller, &report, tree);
            }
        }
    }
    Ok(())
}

/// A new passphrase: from `TONGDA_PASSPHRASE`, or asked for twice.
fn chosen_passphrase() -> Result<String, Failure> {
    const NONE: &str = "a new key is encrypted under a passphrase: set TONGDA_PASSPHRASE, run this in a terminal, or \
                        pass --plain for a system that signs unattended";
    let first = passphrase("新口令 · new passphrase: ").ok_or(NONE)?;
    if first.is_empty() {
        return Err("the passphrase is empty: it would protect nothing".into());
    }
    if std::env::var_os("TONGDA_PASSPHRASE").is_none()
        && passphrase("再输一次 · once more: ").as_ref() != Some(&first)
    {
        return Err("the two passphrases differ; nothing was made".into());
    }
    Ok(first)
}
