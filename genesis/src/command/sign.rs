//! Sign a genesis file with a founder's key: after comparing it with one's own application.

use super::{Failure, Passphrase, genesis, say, verify::compare_with};
use std::io::Write as _;
use std::path::PathBuf;
use tongda_genesis::keys::Purpose;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// 创世文件，签名追加在末尾 · The genesis file; the signature is added at its end
    genesis: PathBuf,
    /// 本机构的申请，核对后才签 · One's own application; only a file that agrees with it is signed
    #[arg(long, value_name = "FILE")]
    application: PathBuf,
    /// 成员密钥 · A key of the member; may be given several times
    #[arg(long = "key", required = true, value_name = "FILE")]
    keys: Vec<PathBuf>,
    #[command(flatten)]
    passphrase: Passphrase,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let path = &arguments.genesis;
    let (genesis, text) = genesis(path)?;
    let application = compare_with(&text, path, &arguments.application)?;
    let mut added = String::new();
    for file in &arguments.keys {
        let key = arguments.passphrase.load(file, Purpose::Member)?;
        let public = key.public();
        let is_own = application.member.keys.iter().any(|entry| entry.key == public);
        let block = genesis.sign(&key).filter(|_| is_own).ok_or_else(|| {
            let (file, application) = (file.display(), arguments.application.display());
            Failure::Refused(format!(
                "{file}: {public} is no key of the member that applied in {application}"
            ))
        })?;
        if genesis.signatures.iter().any(|signature| signature.key == public)
            || added.contains(&public.to_string())
        {
            return Err(Failure::Refused(format!("{}: {public} has signed already", path.display())));
        }
        added.push_str(&block);
    }
    let failed = |error: std::io::Error| Failure::Use(format!("{}: {error}", path.display()));
    let mut file = std::fs::OpenOptions::new().append(true).open(path).map_err(failed)?;
    file.write_all(added.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    say(&format!("已签名 Signed: network-id {}", genesis.network))
}
