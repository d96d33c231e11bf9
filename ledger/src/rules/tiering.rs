//! Compute the tier of a patent in the stock from its institution's own grade and the feedback of enterprises.
//!
//! Version 1. Grade `g` is 1 to 5, the prospects `p₁ … pₙ` of the feedback too; the market counts twice:
//!
//! ```text
//! no feedback      g ≥ 3: growing, else reserve
//! n enterprises    score = (g·n + 2·Σp) / 3n;  n ≥ 3 and score ≥ 4: priority;  score ≥ 3: growing;  else reserve
//! ```
//!
//! Another version is another function beside this one; a version is never changed, for tiers name theirs.

use crate::act::stock::StockTier;

/// The tier under this version of the rule; `None` for a version that this program does not know.
pub(super) fn tier(version: u16, grade: u8, prospects: &[u8]) -> Option<StockTier> {
    (version == 1).then(|| first(grade, prospects))
}

fn first(grade: u8, prospects: &[u8]) -> StockTier {
    let grade = u32::from(grade);
    let sum: u32 = prospects.iter().map(|prospect| u32::from(*prospect)).sum();
    match u32::try_from(prospects.len()).unwrap_or(u32::MAX) {
        0 if grade >= 3 => StockTier::Growing,
        0 => StockTier::Reserve,
        count => match grade * count + 2 * sum {
            points if count >= 3 && points >= 12 * count => StockTier::Priority,
            points if points >= 9 * count => StockTier::Growing,
            _ => StockTier::Reserve,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_market_counts_twice_and_priority_takes_three_enterprises() {
        for (grade, prospects, expected) in [
            (2, &[][..], StockTier::Reserve),
            (3, &[], StockTier::Growing),
            (5, &[5, 5], StockTier::Growing),
            (5, &[5, 5, 5], StockTier::Priority),
            (2, &[5, 5, 5], StockTier::Priority),
            (1, &[5, 5, 5], StockTier::Growing),
            (5, &[1, 2, 1], StockTier::Reserve),
            (3, &[3], StockTier::Growing),
        ] {
            assert_eq!(tier(1, grade, prospects), Some(expected), "{grade} {prospects:?}");
        }
        assert_eq!(tier(2, 5, &[]), None);
    }
}
