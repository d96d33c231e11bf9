//! Gather the cosignatures that others tell of: verify each once, keep a bounded number, see when a quorum is reached.
//!
//! ```text
//! told ── known? time sane? ── our log has the tree? ─┬─ not yet: kept aside, a few for each signer
//!                                                     ├─ another root: a signed contradiction
//!                                                     └─ the set that decided it, its key ── verified: counted
//! ```

use super::cosigners::Cosigners;
use super::tree::{CosignedTree, Tree};
use std::collections::BTreeMap;
use std::sync::Arc;
use tongda_ledger::tree::Cosignature;
use tongda_ledger::vote::{Address, NetworkId};

/// Trees for which cosignatures are gathered at once.
const TREES: usize = 16;

/// Cosignatures of one signer over trees that our log does not have yet.
const AHEAD: usize = 4;

/// Signers of whom something is kept that is ahead of our log: as many as a network has nodes.
const SIGNERS_AHEAD: usize = 40;

/// Seconds by which a cosignature's time may be ahead of the clock.
const CLOCK_AHEAD: u64 = 60;

/// A checkpoint of our own log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The height of the block whose seal is the last leaf.
    pub height: u64,
    /// The tree up to that seal.
    pub tree: Tree,
    /// Who decided the block.
    pub cosigners: Arc<Cosigners>,
}

/// What our log knows of a tree's size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The last leaf is a flagged seal.
    Checkpoint(Place),
    /// The last leaf is something else: no validator cosigns there.
    Between,
    /// The log is not that long yet.
    Ahead,
    /// The leaf or the tree's hashes are not here: the node began from a snapshot.
    NotHeld,
}

/// What a cosignature was worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Worth {
    /// It is verified and new.
    New,
    /// It says nothing new, or nothing that can be judged here.
    Nothing,
    /// It is ahead of our log and not signed with the key that its signer has now: false, or of a signer whose keys change
    /// in a block that we do not have.
    Doubtful,
    /// No honest node sends it.
    Offence(String),
    /// A validator signed a tree that contradicts our log.
    Contradiction {
        /// Our tree.
        ours: Place,
    },
}

/// A tree with the verified cosignatures over it.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The tree.
    pub place: Place,
    /// The verified ones, the newest of each signer.
    pub cosignatures: BTreeMap<Address, Cosignature>,
}

impl Gathered {
    /// The latest second at or after which validators with more than two thirds of the power cosigned, if so many have.
    #[must_use]
    pub fn quorum_time(&self) -> Option<u64> {
        let mut times: Vec<_> = self
            .cosignatures
            .iter()
            .filter_map(|(address, cosignature)| {
                Some((cosignature.time, self.place.cosigners.get(address)?.power))
            })
            .collect();
        times.sort_unstable_by(|one, other| other.cmp(one));
        let mut power = 0_u64;
        times.into_iter().find_map(|(time, more)| {
            power = power.saturating_add(more);
            self.place.cosigners.is_quorum(power).then_some(time)
        })
    }

    /// How many cosigners are missing.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.place.cosigners.list().len().saturating_sub(self.cosignatures.len())
    }
}

/// The cosignatures that are being gathered.
#[derive(Debug)]
pub struct Gathering {
    network: NetworkId,
    trees: BTreeMap<u64, Gathered>,
    newest: BTreeMap<Address, CosignedTree>,
    ahead: BTreeMap<Address, Vec<CosignedTree>>,
}

impl Gathering {
    /// Nothing gathered yet; these are the newest verified cosignatures of every signer that are known from before.
    #[must_use]
    pub fn new(network: NetworkId, newest: impl IntoIterator<Item = CosignedTree>) -> Self {
        let newest = newest.into_iter().map(|cosigned| (cosigned.signer, cosigned)).collect();
        Self { network, trees: BTreeMap::new(), newest, ahead: BTreeMap::new() }
    }

    /// Begins to gather for a checkpoint that our log has now, with what was told of it before.
    pub fn begin(&mut self, place: Place, now: u64) {
        let size = place.tree.size;
        self.trees
            .entry(size)
            .or_insert_with(|| Gathered { place: place.clone(), cosignatures: BTreeMap::new() });
        let mut early = Vec::new();
        self.ahead.retain(|_, told| {
            early.extend(told.extract_if(.., |cosigned| cosigned.tree.size <= size));
            !told.is_empty()
        });
        for cosigned in early.into_iter().filter(|cosigned| cosigned.tree == place.tree) {
            self.take(&cosigned, now, &place.cosigners.clone(), Standing::Checkpoint(place.clone()));
        }
        while self.trees.len() > TREES {
            self.trees.pop_first();
        }
    }

    /// Whether it could say something new; else its place need not be looked up.
    #[must_use]
    pub fn is_news(&self, cosigned: &CosignedTree, now: u64) -> bool {
        if cosigned.cosignature.time > now.saturating_add(CLOCK_AHEAD) {
            return false;
        }
        let newer = |before: Option<&Cosignature>| {
            before.is_none_or(|before| before.time < cosigned.cosignature.time)
        };
        if let Some(gathered) = self.trees.get(&cosigned.tree.size) {
            return gathered.place.tree != cosigned.tree
                || newer(gathered.cosignatures.get(&cosigned.signer));
        }
        let Some(before) = self.newest.get(&cosigned.signer) else { return true };
        let same = before.tree.size == cosigned.tree.size;
        cosigned.tree.size > before.tree.size
            || (same && (before.tree != cosigned.tree || newer(Some(&before.cosignature))))
    }

    /// Takes in a cosignature that is news. `standing` is what our log knows of its tree's size, `now_deciding` the set that
    /// decides the next block.
    pub fn take(
        &mut self,
        cosigned: &CosignedTree,
        now: u64,
        now_deciding: &Cosigners,
        standing: Standing,
    ) -> Worth {
        if !self.is_news(cosigned, now) {
            return Worth::Nothing;
        }
        let CosignedTree { tree, signer, cosignature } = cosigned;
        let place = match standing {
            Standing::Checkpoint(place) => place,
            Standing::NotHeld => return Worth::Nothing,
            Standing::Between => {
                return Worth::Offence(format!(
                    "leaf {} is no flagged seal: nobody cosigns there",
                    tree.size - 1
                ));
            }
            Standing::Ahead => return self.keep_ahead(*cosigned, now_deciding),
        };
        let Some(known) = place.cosigners.get(signer) else {
            return Worth::Offence(format!("{signer} did not decide the block of height {}", place.height));
        };
        if let Err(error) = cosignature.verify(&known.key.public(), &tree.text(&self.network)) {
            return Worth::Offence(format!("the cosignature of {signer} over {} leaves: {error}", tree.size));
        }
        if *tree != place.tree {
            return Worth::Contradiction { ours: place };
        }
        if let Some(gathered) = self.trees.get_mut(&tree.size) {
            gathered.cosignatures.insert(*signer, *cosignature);
        }
        let newest = self.newest.entry(*signer).or_insert(*cosigned);
        if newest.tree.size <= tree.size {
            *newest = *cosigned;
        }
        Worth::New
    }

    /// Keeps a cosignature for later, if it verifies under the key that its signer has now.
    fn keep_ahead(&mut self, cosigned: CosignedTree, now_deciding: &Cosigners) -> Worth {
        let Some(signer) = now_deciding.get(&cosigned.signer) else { return Worth::Doubtful };
        if self.ahead.len() >= SIGNERS_AHEAD && !self.ahead.contains_key(&cosigned.signer) {
            return Worth::Nothing;
        }
        if self.ahead.get(&cosigned.signer).is_some_and(|told| told.contains(&cosigned)) {
            return Worth::Nothing;
        }
        let text = cosigned.tree.text(&self.network);
        if cosigned.cosignature.verify(&signer.key.public(), &text).is_err() {
            return Worth::Doubtful;
        }
        // Of one tree the newest, and of all trees the newest few.
        let told = self.ahead.entry(cosigned.signer).or_default();
        told.retain(|other| other.tree != cosigned.tree);
        told.push(cosigned);
        told.sort_by_key(|other| std::cmp::Reverse(other.tree.size));
        told.truncate(AHEAD);
        Worth::Nothing
    }

    /// Forgets the trees below this size.
    pub fn forget_below(&mut self, size: u64) {
        self.trees = self.trees.split_off(&size);
    }

    /// The tree of this size, if cosignatures are gathered for it.
    #[must_use]
    pub fn at(&self, size: u64) -> Option<&Gathered> {
        self.trees.get(&size)
    }

    /// The largest tree with a quorum.
    #[must_use]
    pub fn largest_with_quorum(&self) -> Option<(&Gathered, u64)> {
        self.trees.values().rev().find_map(|gathered| Some((gathered, gathered.quorum_time()?)))
    }

    /// What another node is told that asks for trees from this size on: the newest of every signer, and all that are
    /// gathered, at most `limit`.
    #[must_use]
    pub fn held_from(&self, size: u64, limit: usize) -> Vec<CosignedTree> {
        let mut held: Vec<_> = self.newest.values().copied().collect();
        for gathered in self.trees.range(size..).rev().map(|(_, gathered)| gathered) {
            let tree = gathered.place.tree;
            let cosigned = gathered.cosignatures.iter().map(|(signer, cosignature)| CosignedTree {
                tree,
                signer: *signer,
                cosignature: *cosignature,
            });
            held.extend(cosigned.filter(|cosigned| self.newest.get(&cosigned.signer) != Some(cosigned)));
        }
        held.truncate(limit);
        held
    }
}
