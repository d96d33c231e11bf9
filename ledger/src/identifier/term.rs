//! Span time from a first to a last day, both included, and tell how long a patent lives.

use super::text::text_form;
use super::{Date, DateError, PatentKind};
use crate::codec::checked_wire;
use std::fmt;

/// The days from a first to a last one, both included. On the wire the two dates, eight bytes; as text an ISO 8601
/// interval, `2024-01-20/2034-01-19`.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Term {
    first: Date,
    last: Date,
}

/// Why a text or a value is no term.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TermError {
    /// No stroke between two dates.
    #[error(
        "{0:?} is no term: write its first and its last day with a stroke between, as in 2024-01-20/2034-01-19"
    )]
    Shape(String),
    /// One of the two dates is none.
    #[error(transparent)]
    Date(#[from] DateError),
    /// It ends before it begins.
    #[error("the term ends on {last}, before it begins on {first}")]
    Reversed {
        /// The first day.
        first: Date,
        /// The last day.
        last: Date,
    },
}

impl Term {
    /// The term from `first` to `last`, both included.
    ///
    /// # Errors
    /// [`TermError::Reversed`] when `last` is before `first`.
    pub fn new(first: Date, last: Date) -> Result<Self, TermError> {
        if first <= last { Ok(Self { first, last }) } else { Err(TermError::Reversed { first, last }) }
    }

    /// The full term of a patent (专利法 art. 42): 20 years for an invention, 10 for a utility model and 15 for a
    /// design, or 10 for a design filed before 2021-06-01, when the fourth revision took effect. It counts from the
    /// filing date, never the priority date, and without adjustments that an office decided.
    ///
    /// The last day is the one before the corresponding day; on the corresponding day the right has ended, and
    /// holidays do not move it. The Guidelines for Examination, part V, chapter 9, 2.1 give the example: a utility
    /// model filed on 1999-09-06 has its term from 1999-09-06 to 2009-09-05 and ends on 2009-09-06.
    ///
    /// The shorter terms of rights applied for before 1993 are left aside: all of those have ended either way.
    #[must_use]
    pub fn of_patent(kind: PatentKind, filing: Date) -> Self {
        let longer_designs = Date::new(2021, 6, 1).expect("a day of the calendar");
        let years = match kind {
            PatentKind::Invention => 20,
            PatentKind::Design if filing >= longer_designs => 15,
            PatentKind::UtilityModel | PatentKind::Design => 10,
        };
        Self { first: filing, last: filing.add_years(years).previous().max(filing) }
    }

    /// The first day.
    #[must_use]
    pub const fn first(self) -> Date {
        self.first
    }

    /// The last day.
    #[must_use]
    pub const fn last(self) -> Date {
        self.last
    }

    /// The number of days, at least 1.
    #[must_use]
    pub fn days(self) -> u32 {
        u32::try_from(i64::from(self.last.days()) - i64::from(self.first.days()) + 1)
            .expect("first is not after last")
    }

    /// Whether `date` is a day of the term.
    #[must_use]
    pub fn contains(self, date: Date) -> bool {
        self.first <= date && date <= self.last
    }

    /// Whether a day belongs to both terms.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    /// Whether every day of the term is a day of `other`.
    #[must_use]
    pub fn within(self, other: Self) -> bool {
        other.contains(self.first) && other.contains(self.last)
    }
}

impl TryFrom<(Date, Date)> for Term {
    type Error = TermError;

    fn try_from((first, last): (Date, Date)) -> Result<Self, TermError> {
        Self::new(first, last)
    }
}
checked_wire!(Term, (Date, Date), |term| (term.first, term.last));

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.last)
    }
}
text_form!(Term);

impl std::str::FromStr for Term {
    type Err = TermError;

    fn from_str(text: &str) -> Result<Self, TermError> {
        let (first, last) = text.split_once('/').ok_or_else(|| TermError::Shape(text.to_owned()))?;
        Self::new(first.parse()?, last.parse()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::text::tests::survives_every_form;
    use proptest::prelude::*;

    fn term(text: &str) -> Term {
        text.parse().unwrap()
    }

    #[test]
    fn a_patent_ends_the_day_before_its_corresponding_day() {
        use PatentKind::{Design, Invention, UtilityModel};
        for (kind, filing, expected) in [
            (UtilityModel, "1999-09-06", "1999-09-06/2009-09-05"),
            (Invention, "2010-12-20", "2010-12-20/2030-12-19"),
            (Invention, "2024-02-29", "2024-02-29/2044-02-28"),
            (UtilityModel, "2024-02-29", "2024-02-29/2034-02-27"),
            (Design, "2021-05-31", "2021-05-31/2031-05-30"),
            (Design, "2021-06-01", "2021-06-01/2036-05-31"),
            (Invention, "2001-01-01", "2001-01-01/2020-12-31"),
            (Invention, "9999-12-31", "9999-12-31/9999-12-31"),
        ] {
            assert_eq!(Term::of_patent(kind, filing.parse().unwrap()), term(expected), "{kind} {filing}");
        }
    }

    #[test]
    fn terms_are_compared_day_by_day() {
        let year = term("2024-01-01/2024-12-31");
        assert_eq!(year.days(), 366);
        assert!(year.contains(year.first()) && year.contains(year.last()));
        assert!(!year.contains(year.last().next()));
        assert!(
            year.overlaps(term("2024-12-31/2025-12-31")) && !year.overlaps(term("2025-01-01/2025-12-31"))
        );
        assert!(term("2024-01-01/2024-01-01").within(year) && year.within(year));
        assert!(!term("2023-12-31/2024-01-01").within(year) && !term("2024-12-31/2025-01-01").within(year));
    }

    #[test]
    fn a_term_that_ends_before_it_begins_is_none() {
        assert!(matches!("2024-01-02/2024-01-01".parse::<Term>(), Err(TermError::Reversed { .. })));
        assert!(matches!("2024-01-02".parse::<Term>(), Err(TermError::Shape(_))));
        assert!(matches!("2024-01-02/2024-02-30".parse::<Term>(), Err(TermError::Date(_))));
        let wire = [1, 0, 0, 0, 0, 0, 0, 0];
        assert!(crate::codec::decode::<Term>(&wire, 8).is_err());
    }

    proptest! {
        #[test]
        fn every_term_survives_every_form_and_overlap_is_mutual(
            a in -719_162..=2_932_896, b in -719_162..=2_932_896, c in -719_162..=2_932_896, d in -719_162..=2_932_896,
        ) {
            let make = |a: i32, b: i32| {
                Term::new(Date::try_from(a.min(b)).unwrap(), Date::try_from(a.max(b)).unwrap()).unwrap()
            };
            let (one, two) = (make(a, b), make(c, d));
            survives_every_form(&one, 8);
            prop_assert_eq!(one.overlaps(two), two.overlaps(one));
            prop_assert!(!one.within(two) || one.overlaps(two));
            prop_assert_eq!(one.within(two) && two.within(one), one == two);
        }
    }
}
