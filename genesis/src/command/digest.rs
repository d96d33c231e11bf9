//! Salt and digest a document: what stands on the ledger in its place.

use super::{Failure, say};
use rand::RngCore as _;
use std::path::PathBuf;
use tongda_ledger::hash::{Domain, Hash};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// 文件 · The document
    file: PathBuf,
    /// 已有的盐，以便核对 · The salt of an earlier digest, to check it: 32 hexadecimal digits
    #[arg(long, value_name = "HEX")]
    salt: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let bytes = std::fs::read(&arguments.file)
        .map_err(|error| Failure::Use(format!("{}: {error}", arguments.file.display())))?;
    let mut salt = [0; 16];
    match &arguments.salt {
        Some(digits) => hex::decode_to_slice(digits, &mut salt)
            .map_err(|_| Failure::Use("a salt is 32 hexadecimal digits".into()))?,
        None => rand::rngs::OsRng.fill_bytes(&mut salt),
    }
    say(&format!(
        "salt    {}\ndigest  {}\n请将盐与文件一并保密保存，证明时两者都需要。\n\
         Keep the salt with the document, both confidential: the proof needs the two of them.",
        hex::encode(salt),
        Hash::of(Domain::COMMITMENT, &[&salt, &bytes])
    ))
}
