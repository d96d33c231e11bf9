//! Bring the leaves, certificates and tiles of a log to the auditor, in their order, and check what they are checked with.

use super::Watch;
use super::pipeline::{Coming, Failed, Pipeline, wait};
use super::report::{Problem, Report};
use super::source::Source;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use tongda_ledger::audit::{Auditor, CheckedEntry, ExpectedTile, Finding, What};
use tongda_ledger::block::{LeafKind, Seal};
use tongda_ledger::replay::CheckedCertificate;
use tongda_ledger::tree::bundle::{
    BundleError, COMMITS_LIMIT, ENTRIES_LIMIT, decode_commits, decode_entries,
};
use tongda_ledger::tree::{Span, TILE_WIDTH, Tile, TilePath};
use tongda_ledger::vote::ValidatorSet;

/// Bundles that are asked for ahead for each core, beside one for each reader.
const AHEAD: usize = 2;

/// A replay under way, from where the auditor is up to a size.
pub(super) struct Replaying<'a> {
    pipeline: &'a Pipeline,
    source: &'a dyn Source,
    auditor: &'a mut Auditor,
    /// The size to come to.
    size: u64,
    /// How many certificates there are, as the last seal says.
    heights: u64,
    /// The next leaf to ask for.
    asked: u64,
    entries: VecDeque<(Span, Bytes, Coming<Vec<CheckedEntry>>)>,
    tiles: VecDeque<(Tile, Coming<Vec<u8>>)>,
    commits: VecDeque<Coming<Commits>>,
    /// The next height whose certificate is to be asked for.
    asked_height: u64,
    certificates: VecDeque<CheckedCertificate>,
}

/// A bundle of certificates: its bytes, and what was checked of it.
type Commits = (Span, Vec<u8>, Vec<CheckedCertificate>);

/// A bundle's bytes once they are there, where narrower copies are to be compared with them.
type Bytes = Arc<std::sync::OnceLock<Vec<u8>>>;

impl<'a> Replaying<'a> {
    pub(super) fn new(
        pipeline: &'a Pipeline,
        source: &'a dyn Source,
        auditor: &'a mut Auditor,
        (size, heights): (u64, u64),
    ) -> Self {
        let (asked, asked_height) = (auditor.size(), auditor.height() + 1);
        Self {
            pipeline,
            source,
            auditor,
            size,
            heights,
            asked,
            entries: VecDeque::new(),
            tiles: VecDeque::new(),
            commits: VecDeque::new(),
            asked_height,
            certificates: VecDeque::new(),
        }
    }

    /// Replays to the end; false when the watcher stopped it at a seal before.
    pub(super) fn run(mut self, report: &mut Report, watch: &mut dyn Watch) -> Result<bool, Failed> {
        loop {
            self.ask_ahead();
            let Some((span, bytes, coming)) = self.entries.pop_front() else { break };
            let entries = wait(&coming)?;
            report.bundles += 1;
            for (index, entry) in (span.start()..).zip(entries) {
                if index < self.auditor.size() {
                    let path = TilePath::Entries(span);
                    self.auditor.seen(index, entry.leaf()).map_err(|finding| finding.within(path))?;
                    continue;
                }
                if self.entry(entry, span, report)? {
                    watch.progress(self.auditor.size(), self.size);
                    if watch.stop(&report.problems) && self.auditor.size() < self.size {
                        return Ok(false);
                    }
                }
            }
            if let Some(bytes) = bytes.get() {
                narrower_bundles(self.source, TilePath::Entries(span), bytes, report);
            }
        }
        if self.auditor.is_at_seal() {
            return Ok(true);
        }
        let detail = format!("the log's last leaf, {}, is no seal", self.size - 1);
        Err(Finding::new(What::Checkpoint, detail).at(self.size - 1).within("checkpoint").into())
    }

    /// Takes a leaf; whether a block is complete with it.
    fn entry(&mut self, entry: CheckedEntry, span: Span, report: &mut Report) -> Result<bool, Failed> {
        let certificate = match entry.seal() {
            Some(_) => Some(self.certificate(report)?),
            None => None,
        };
        let path = TilePath::Entries(span);
        let (height, size) = (self.auditor.height() + 1, self.size);
        let applied = self.auditor.entry(entry, certificate.as_ref()).map_err(|finding| {
            let resource = match finding.what {
                What::Certificate | What::OtherEpoch => {
                    Span::around(height - 1, self.heights).map_or(path, TilePath::Commits)
                }
                // A record is judged with its block's seal, which may stand in a later bundle.
                _ => {
                    finding.index.and_then(|index| Span::around(index, size)).map_or(path, TilePath::Entries)
                }
            };
            finding.within(resource)
        })?;
        while let Some(expected) = self.auditor.next_tile() {
            self.tile(&expected, report)?;
        }
        Ok(applied.is_some())
    }

    fn tile(&mut self, expected: &ExpectedTile, report: &mut Report) -> Result<(), Failed> {
        let (tile, coming) =
            self.tiles.pop_front().expect("a tile was asked for with the bundle that fills it");
        assert_eq!(tile, expected.tile, "tiles become full in the order in which they were asked for");
        let path = TilePath::Tile(tile);
        match wait(&coming) {
            Err(failed) => report.problem(failed.into()),
            Ok(bytes) => match expected.check(&bytes) {
                Ok(()) => report.tiles += 1,
                Err(finding) => report.problem(Problem::Wrong(finding.within(path))),
            },
        }
        narrower(self.source, expected, report);
        Ok(())
    }

    /// The certificate of the next block.
    fn certificate(&mut self, report: &mut Report) -> Result<CheckedCertificate, Failed> {
        let height = self.auditor.height() + 1;
        while self.certificates.is_empty() {
            let Some(coming) = self.commits.pop_front() else {
                let detail =
                    format!("there are {} certificates, and a block of height {height}", self.heights);
                return Err(Finding::new(What::Certificate, detail).in_block(height).into());
            };
            let (span, bytes, certificates) = wait(&coming)?;
            report.commit_bundles += 1;
            narrower_bundles(self.source, TilePath::Commits(span), &bytes, report);
            self.certificates = certificates.into();
            self.ask_commits();
        }
        Ok(self.certificates.pop_front().expect("just filled"))
    }

    fn ask_ahead(&mut self) {
        let ahead = AHEAD * self.pipeline.cores() + self.source.readers();
        while self.entries.len() < ahead && self.asked < self.size {
            let Some(span) = Span::around(self.asked, self.size) else { return };
            let kept = Bytes::default();
            let keep = (!self.source.widths(&TilePath::Entries(full(span)).to_string()).is_empty())
                .then(|| Arc::clone(&kept));
            let coming =
                self.pipeline.ask(TilePath::Entries(span).to_string(), ENTRIES_LIMIT, move |bytes| {
                    let leaves =
                        decode_entries(&bytes, span.width()).map_err(|error| wrong_bundle(&error, span))?;
                    let checked = leaves.into_iter().map(CheckedEntry::new).collect();
                    if let Some(keep) = keep {
                        keep.get_or_init(|| bytes);
                    }
                    Ok(checked)
                });
            self.entries.push_back((span, kept, coming));
            self.ask_tiles(span);
            self.asked = span.start().saturating_add(u64::from(span.width()));
        }
        self.ask_commits();
    }

    /// The tiles that become full with this bundle.
    fn ask_tiles(&mut self, span: Span) {
        if !span.is_full() {
            return;
        }
        let mut number = span.index();
        for level in 0.. {
            let tile = Span::new(number, TILE_WIDTH).and_then(|span| Tile::new(level, span));
            let Some(tile) = tile else { return };
            let coming = self.pipeline.ask(TilePath::Tile(tile).to_string(), 32 * 256, Ok);
            self.tiles.push_back((tile, coming));
            if !(number + 1).is_multiple_of(u64::from(TILE_WIDTH)) {
                return;
            }
            number /= u64::from(TILE_WIDTH);
        }
    }

    /// The span as it is kept: where another width is kept than was guessed, that one.
    fn present(&self, span: Span) -> Span {
        let widths = self.source.widths(&TilePath::Commits(full(span)).to_string());
        match widths.last() {
            Some(widest) if !span.is_full() && !widths.contains(&span.width()) => {
                Span::new(span.index(), *widest).unwrap_or(span)
            }
            _ => span,
        }
    }

    fn ask_commits(&mut self) {
        while self.commits.len() < 2 && self.asked_height <= self.heights {
            let Some(span) = Span::around(self.asked_height - 1, self.heights) else { return };
            let span = self.present(span);
            let network = self.auditor.network();
            let guess: Arc<ValidatorSet> = Arc::new(self.auditor.validators().clone());
            // Of the bundle in which a resumed audit begins, the first ones are done.
            let done = usize::try_from(self.asked_height - 1 - span.start()).expect("below 256");
            let coming =
                self.pipeline.ask(TilePath::Commits(span).to_string(), COMMITS_LIMIT, move |bytes| {
                    let certificates =
                        decode_commits(&bytes, span.width()).map_err(|error| wrong_bundle(&error, span))?;
                    let check = |certificate| CheckedCertificate::new(network, &guess, certificate);
                    Ok((span, bytes, certificates.into_iter().skip(done).map(check).collect()))
                });
            self.commits.push_back(coming);
            self.asked_height = span.start().saturating_add(u64::from(span.width())).saturating_add(1);
        }
    }
}

/// How many certificates there are, guessed from the seals in the last two bundles: each seal implies a number, and most
/// of them agree. Only widths of paths follow from it; what is true is what the replay comes to.
pub(super) fn last_height(pipeline: &Pipeline, size: u64) -> Result<u64, Failed> {
    let last = Span::around(size - 1, size).ok_or_else(|| {
        Finding::new(What::Checkpoint, format!("no log has {size} leaves")).within("checkpoint")
    })?;
    let before = last.index().checked_sub(1).and_then(|index| Span::new(index, TILE_WIDTH));
    let mut coming = Vec::new();
    for span in before.into_iter().chain([last]) {
        let path = TilePath::Entries(span).to_string();
        coming.push(pipeline.ask(path, ENTRIES_LIMIT, move |bytes| {
            let leaves = decode_entries(&bytes, span.width()).map_err(|error| wrong_bundle(&error, span))?;
            let seals = leaves.iter().filter(|leaf| leaf.first() == Some(&(LeafKind::Seal as u8)));
            Ok(seals.map(|leaf| Seal::decode(&leaf[1..]).ok().map(|seal| seal.height)).collect::<Vec<_>>())
        }));
    }
    let heights = coming.iter().map(wait).collect::<Result<Vec<_>, _>>()?.concat();
    let mut votes = BTreeMap::<u64, usize>::new();
    for (behind, height) in heights.iter().rev().enumerate() {
        if let Some(implied) = height.and_then(|height| height.checked_add(behind as u64)) {
            *votes.entry(implied).or_default() += 1;
        }
    }
    let most = votes.into_iter().max_by_key(|(_, votes)| *votes);
    let bound = most.map(|(height, _)| height).filter(|height| *height < size);
    bound.ok_or_else(|| {
        let detail = "the end of the log holds no seal whose height can be read";
        Finding::new(What::Seal, detail).at(size - 1).within(TilePath::Entries(last)).into()
    })
}

/// What is wrong with a bundle, at the item at which its form breaks.
pub(super) fn wrong_bundle(error: &BundleError, span: Span) -> Box<Finding> {
    let finding = Finding::new(What::Bundle, error);
    Box::new(match error {
        BundleError::Certificate { item, .. } => finding.in_block(span.start() + u64::from(*item) + 1),
        BundleError::Cut { item, .. } | BundleError::TooLong { item, .. } => {
            finding.at(span.start() + u64::from(*item))
        }
        BundleError::Trailing { .. } => finding,
    })
}

fn full(span: Span) -> Span {
    Span::new(span.index(), TILE_WIDTH).unwrap_or(span)
}

/// Compares the narrower copies of a tile, which were true of smaller logs.
pub(super) fn narrower(source: &dyn Source, expected: &ExpectedTile, report: &mut Report) {
    let (level, span) = (expected.tile.level(), expected.tile.span());
    let Some(whole) = Tile::new(level, full(span)) else { return };
    for width in source.widths(&TilePath::Tile(whole).to_string()) {
        let Some(narrow) = expected.narrowed(width).filter(|_| width < span.width()) else { continue };
        let path = TilePath::Tile(narrow.tile).to_string();
        match source.read(&path, 32 * 256) {
            Err(error) => report.problem(Problem::unreadable(&path, error.trouble)),
            Ok(bytes) => match narrow.check(&bytes) {
                Ok(()) => report.tiles += 1,
                Err(finding) => report.problem(Problem::Wrong(finding.within(&path))),
            },
        }
    }
}

/// Compares the narrower copies of a bundle: each is the beginning of the full one.
fn narrower_bundles(source: &dyn Source, path: TilePath, bytes: &[u8], report: &mut Report) {
    let (span, named): (Span, fn(Span) -> TilePath) = match path {
        TilePath::Entries(span) => (span, TilePath::Entries),
        TilePath::Commits(span) => (span, TilePath::Commits),
        TilePath::Tile(_) => return,
    };
    for width in source.widths(&named(full(span)).to_string()) {
        let Some(narrow) = Span::new(span.index(), width).filter(|_| width < span.width()) else { continue };
        let path = named(narrow).to_string();
        match source.read(&path, bytes.len().max(1)) {
            Err(error) => report.problem(Problem::unreadable(&path, error.trouble)),
            Ok(part) => {
                let is_whole = match named(narrow) {
                    TilePath::Commits(_) => decode_commits(&part, width).is_ok(),
                    _ => decode_entries(&part, width).is_ok(),
                };
                if !is_whole || !bytes.starts_with(&part) {
                    let detail = "it is not the beginning of the wider bundle";
                    report.problem(Problem::Wrong(Finding::new(What::Bundle, detail).within(&path)));
                }
            }
        }
    }
}
