//! Prove to whom which patents were pushed: the trees of a push, and the file of proofs that enterprises answer with.
//!
//! ```text
//! {"patents":    {"size": 2, "root": "…", "places": [{"id": "P-3-…", "index": 0, "proof": ["…"]}, …]},
//!  "recipients": {"size": 9, "root": "…", "places": [{"id": "M-2-…", "index": 4, "proof": ["…", …]}, …]}}
//! ```
//!
//! Leaves stand in the order of their ids, so that the order of a push tells nothing. A file may leave places out: what
//! an enterprise is handed names all patents, and of the recipients itself.

use super::caller::{Caller, read_text};
use super::failure::Failure;
use super::value::PatentName;
use serde::{Deserialize, Serialize};
use std::fmt::Display;
use std::path::Path;
use std::str::FromStr;
use tongda_ledger::act::matching::{PushPlace, push_leaf};
use tongda_ledger::codec::Encode;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{MemberId, PatentId};
use tongda_ledger::tree::{InclusionProof, MemoryHashes};

/// What a push commits to, with proofs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PushProofs {
    /// The patents.
    pub(crate) patents: Side<PatentId>,
    /// The recipients.
    pub(crate) recipients: Side<MemberId>,
}

/// One of a push's two trees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Side<Id> {
    /// How many leaves.
    pub(crate) size: u32,
    /// The root over them.
    pub(crate) root: Hash,
    /// Who or what stands where; of a large tree a part.
    places: Vec<Placed<Id>>,
}

/// Somebody or something with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Placed<Id> {
    id: Id,
    #[serde(flatten)]
    place: PushPlace,
}

impl PushProofs {
    /// The trees over these patents and recipients.
    pub(crate) fn of(patents: &[PatentId], recipients: &[MemberId]) -> Result<Self, Failure> {
        Ok(Self { patents: Side::of(patents)?, recipients: Side::of(recipients)? })
    }

    /// Reads a file of proofs.
    pub(crate) fn read(path: &Path) -> Result<Self, Failure> {
        serde_json::from_str(&read_text(path)?)
            .map_err(|error| Failure::Usage(format!("{} is no file of proofs: {error}", path.display())))
    }

    /// Writes them to a file.
    pub(crate) fn write(&self, path: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self).expect("proofs have a JSON form");
        std::fs::write(path, text + "\n").map_err(|error| broken(path, &error))
    }

    /// Writes a file `M-….json` for each recipient, which names no other.
    pub(crate) fn write_each(&self, folder: &Path) -> Result<(), Failure> {
        std::fs::create_dir_all(folder).map_err(|error| broken(folder, &error))?;
        for placed in &self.recipients.places {
            let recipients = Side { places: vec![placed.clone()], ..self.recipients };
            let one = Self { patents: self.patents.clone(), recipients };
            one.write(&folder.join(format!("{}.json", placed.id)))?;
        }
        Ok(())
    }
}

impl<Id: Copy + Ord + Encode + Display> Side<Id> {
    fn of(ids: &[Id]) -> Result<Self, Failure> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        if let Some(twice) = ids.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Failure::Usage(format!("{} is named twice", twice[0])));
        }
        let size = u32::try_from(ids.len()).map_err(|_| "a push has at most 4,294,967,295 leaves")?;
        let mut hashes = MemoryHashes::new();
        ids.iter().for_each(|id| hashes.append(push_leaf(id)));
        let whole = "every leaf of the tree was appended";
        let place = |(index, id): (u32, &Id)| {
            let proof = InclusionProof::prove(&hashes, index.into(), size.into()).expect(whole);
            Placed { id: *id, place: PushPlace { index, proof } }
        };
        let root = hashes.root(size.into()).expect(whole);
        Ok(Self { size, root, places: (0..).zip(&ids).map(place).collect() })
    }

    /// Where somebody or something stands.
    pub(crate) fn place(&self, id: &Id, file: &Path) -> Result<PushPlace, Failure> {
        let placed = self.places.iter().find(|placed| placed.id == *id);
        placed.map(|placed| placed.place.clone()).ok_or_else(|| {
            let file = file.display();
            Failure::Usage(format!("{file} holds no proof for {id}: ask the exchange that pushed for one"))
        })
    }
}

/// The ids of a file, one a line.
pub(crate) fn ids_of<Id: FromStr<Err: Display>>(path: &Path) -> Result<Vec<Id>, Failure> {
    let text = read_text(path)?;
    let lines = (1_usize..).zip(text.lines()).map(|(number, line)| (number, line.trim()));
    let ids = lines.filter(|(_, line)| !line.is_empty()).map(|(number, line)| {
        line.parse().map_err(|error| Failure::Usage(format!("{}:{number}: {error}", path.display())))
    });
    let ids = ids.collect::<Result<Vec<_>, _>>()?;
    if ids.is_empty() {
        return Err(Failure::Usage(format!("{} names nothing", path.display())));
    }
    Ok(ids)
}

/// The patents of a file, one a line, by number or by id.
pub(crate) async fn patents_of(caller: &Caller, path: &Path) -> Result<Vec<PatentId>, Failure> {
    caller.patents(&ids_of::<PatentName>(path)?).await
}

fn broken(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Broken(format!("{}: {error}", path.display()))
}
