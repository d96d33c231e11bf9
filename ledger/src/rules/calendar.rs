//! Roll a deadline forward to a day that is worked (专利法实施细则, Rule 5).

use crate::identifier::Date;
use crate::state::{Calendar, Fault, Read};

/// Days that a deadline moves at most: no row of holidays is longer.
const LONGEST: usize = 31;

/// The first worked day on or after this one. In a year for which the network has no calendar nothing moves.
///
/// # Errors
/// [`Fault`] when the state cannot be read.
pub(super) fn roll(state: &impl Read, day: Date) -> Result<Date, Fault> {
    let mut last = day;
    for _ in 0..LONGEST {
        let year = u32::try_from(last.year()).expect("years are 1 to 9999");
        match state.find::<Calendar>(&year)? {
            Some(calendar) if !calendar.is_worked(last) => last = last.next(),
            _ => break,
        }
    }
    Ok(last)
}
