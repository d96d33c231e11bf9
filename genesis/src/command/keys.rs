//! Make the keys of a founder: the member's under a passphrase, the node's plain, each in a file of its own.

use super::{Failure, Passphrase, say};
use rand::rngs::OsRng;
use std::path::PathBuf;
use tongda_genesis::keys::{KeyFile, Protection, Purpose};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// 存放密钥的新目录 · A new folder for the keys
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// 成员密钥数 · Keys of the member, 1 to 16: member-1.key, member-2.key, …
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=16))]
    member_keys: u8,
    /// 不设节点 · The member runs no node
    #[arg(long)]
    without_node: bool,
    #[command(flatten)]
    passphrase: Passphrase,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let folder = &arguments.out;
    let passphrase = arguments.passphrase.get("member keys 成员密钥", true)?;
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| Failure::Use(format!("{}: {error}", folder.display())))?;
    let protected = Protection::Passphrase(passphrase);
    for n in 1..=arguments.member_keys {
        make(folder.join(format!("member-{n}.key")), Purpose::Member, &protected)?;
    }
    if !arguments.without_node {
        for purpose in [Purpose::Vote, Purpose::Cosign, Purpose::Network] {
            make(folder.join(format!("{purpose}.key")), purpose, &Protection::OwnerOnly)?;
        }
        say("节点密钥未加密，须能无人值守启动：请保护好机器与备份。\n\
             The node's keys are not encrypted, for it must start unattended: guard the machine and its backups.")?;
    }
    Ok(())
}

fn make(path: PathBuf, purpose: Purpose, protection: &Protection) -> Result<(), Failure> {
    let key = KeyFile::generate(purpose, &mut OsRng);
    key.save(&path, protection)?;
    say(&format!("{}  {}", path.display(), key.key.public()))
}
