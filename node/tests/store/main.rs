//! The store as a node uses it: log and index on a real file system, with the damage that crashes and disks do.

#![allow(clippy::unwrap_used, reason = "a test's helpers may fail the test")]

mod hashes;
mod index;
mod kill;
mod log;

use std::fs;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

const NETWORK: [u8; 32] = [7; 32];

fn overwrite(path: &Path, offset: u64, bytes: &[u8]) {
    fs::OpenOptions::new().write(true).open(path).unwrap().write_all_at(bytes, offset).unwrap();
}

fn copy_files(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in from.read_dir().unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_files(&path, &target);
        } else {
            fs::copy(&path, target).unwrap();
        }
    }
}
