//! Read what a process has used: processor time and memory, from `/proc`.

use std::path::Path;

/// What a process has used since it began.
#[derive(Copy, Clone, Debug, Default)]
pub struct Usage {
    /// Processor time in seconds, its own and the kernel's for it.
    pub processor: f64,
    /// The most memory it has had, in bytes.
    pub peak_memory: u64,
}

/// Clock ticks a second in `/proc`: 100 on every Linux that Rust supports.
const TICKS: f64 = 100.0;

/// The usage of the process with this id; `None` where there is no `/proc`.
#[must_use]
pub fn of(process: u32) -> Option<Usage> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name stands in parentheses and may hold spaces; behind it, user and system time are fields 12 and 13.
    let fields: Vec<_> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = peak.trim().trim_end_matches(" kB").trim().parse().ok()?;
    Some(Usage { processor: ticks / TICKS, peak_memory: kilobytes * 1024 })
}

/// Bytes that the files under a directory take on the disk.
#[must_use]
pub fn disk(directory: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(entries) = std::fs::read_dir(directory) else { return 0 };
    entries
        .flatten()
        .map(|entry| match entry.metadata() {
            Ok(metadata) if metadata.is_dir() => disk(&entry.path()),
            Ok(metadata) => metadata.blocks() * 512,
            Err(_) => 0,
        })
        .sum()
}
