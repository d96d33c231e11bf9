//! Keep the blocks that changed the validators, for the snapshots that must prove who decides.

use super::error::ChainError;
use super::layout;
use crate::store::{Batch, Index, Scan};
use tongda_ledger::codec::{decode, encode};
use tongda_ledger::snapshot::{BODY_LIMIT, Epoch};

/// Bytes of a part: below the limit of a value of the index.
const PART: usize = 12 << 10;

/// Puts an epoch into the index.
pub(super) fn put(batch: &mut Batch, epoch: &Epoch) {
    for (part, bytes) in encode(epoch).chunks(PART).enumerate() {
        batch.put(layout::epoch(epoch.seal.height, part), bytes);
    }
}

/// All epochs in the index, ascending by height.
pub(super) fn read(index: &dyn Index) -> Result<Vec<Epoch>, ChainError> {
    let parts = index.scan(&Scan::prefix(layout::EPOCHS))?;
    let epochs = parts.chunk_by(|(one, _), (next, _)| layout::split_epoch(one) == layout::split_epoch(next));
    epochs
        .map(|parts| {
            let bytes = parts.iter().map(|(_, part)| part.as_ref()).collect::<Vec<_>>().concat();
            decode(&bytes, BODY_LIMIT).map_err(|error| ChainError::Index(format!("an epoch: {error}")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::MemoryIndex;
    use tongda_ledger::hash::Hash;
    use tongda_ledger::key::SigningKey;
    use tongda_ledger::snapshot::Reader;
    use tongda_ledger::vote::{Validator, ValidatorSet};

    #[test]
    fn epochs_of_many_validators_are_read_as_they_were_put() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../../tests/vectors/snapshot.json")).unwrap();
        let bytes = hex::decode(vectors["bytes"].as_str().unwrap()).unwrap();
        let trust = tongda_ledger::snapshot::Trust {
            network: serde_json::from_value(vectors["network"].clone()).unwrap(),
            start: serde_json::from_value(vectors["start"].clone()).unwrap(),
            validators: serde_json::from_value(vectors["validators"].clone()).unwrap(),
        };
        let mut small = None;
        let mut reader = Reader::new(trust);
        let take = |piece: tongda_ledger::snapshot::Piece<'_>| {
            if let tongda_ledger::snapshot::Piece::Epoch(epoch) = piece {
                small = Some(epoch.clone());
            }
            Ok::<_, tongda_ledger::snapshot::SnapshotError>(())
        };
        reader.push(&bytes, take).unwrap();
        let small = small.unwrap();
        let validators = (0..600_u32).map(|number| {
            let seed = Hash::plain(&[&number.to_le_bytes()]);
            Validator { vote_key: SigningKey::from_seed(seed.as_bytes()).public(), power: 1 }
        });
        let mut large = small.clone();
        large.seal.height += 300;
        large.validators = ValidatorSet::new(validators.collect()).unwrap();
        let index = MemoryIndex::default();
        let mut batch = Batch::new();
        put(&mut batch, &large);
        put(&mut batch, &small);
        assert!(batch.len() > 3, "the large one has several parts");
        index.apply(batch, 1).unwrap();
        assert_eq!(read(&index).unwrap(), [small, large]);
    }
}
