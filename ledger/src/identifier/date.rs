//! Count civil dates of Beijing time (UTC+8) in the Gregorian calendar.
//!
//! The conversion between a count of days and year, month and day is the algorithm of Howard Hinnant,
//! "chrono-Compatible Low-Level Date Algorithms", functions `days_from_civil` and `civil_from_days`: years begin in
//! March, so that the leap day is the last of its year, and repeat every 400 years of 146,097 days.

use super::Timestamp;
use super::text::{compact, number, text_form};
use crate::codec::checked_wire;
use std::fmt;

/// A day from 0001-01-01 to 9999-12-31. On the wire an `i32`, days since 1970-01-01.
///
/// Arithmetic stays within these bounds: a date beyond the last one is the last one, so that a deadline which the
/// calendar cannot express never comes early and never overflows.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(i32);

/// Why a text or a value is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not four, two and two digits.
    #[error("{0:?} is no date: write YYYY-MM-DD, as in 2024-01-20")]
    Shape(String),
    /// A month or a day that the calendar does not have.
    #[error("{year:04}-{month:02} has no day {day:02}: months run from 01 to 12, days to the month's last")]
    NoSuchDay {
        /// The year.
        year: i32,
        /// The month, from 1.
        month: u8,
        /// The day, from 1.
        day: u8,
    },
    /// Before the year 1 or after the year 9999.
    #[error("{0} days from 1970-01-01 lie outside the years 1 to 9999")]
    OutOfRange(i64),
}

const DAYS_OF_400_YEARS: i64 = 146_097;
/// Days from 0000-03-01, where the algorithm's count begins, to 1970-01-01.
const DAYS_TO_1970: i64 = 719_468;

impl Date {
    /// 0001-01-01.
    pub const FIRST: Self = Self(-719_162);
    /// 9999-12-31.
    pub const LAST: Self = Self(2_932_896);

    /// The day of a year (1 to 9999), month and day, both counted from 1.
    ///
    /// # Errors
    /// [`DateError::NoSuchDay`] when the calendar does not have it.
    pub fn new(year: i32, month: u8, day: u8) -> Result<Self, DateError> {
        let exists = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in_month(year, month)).contains(&day);
        if !exists {
            return Err(DateError::NoSuchDay { year, month, day });
        }
        let year = i64::from(if month <= 2 { year - 1 } else { year });
        let month_from_march = i64::from((month + 9) % 12);
        let day_of_year = (153 * month_from_march + 2) / 5 + i64::from(day) - 1;
        let year_of_cycle = year.rem_euclid(400);
        let day_of_cycle = year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year;
        Self::try_from(year.div_euclid(400) * DAYS_OF_400_YEARS + day_of_cycle - DAYS_TO_1970)
    }

    /// Year, month and day.
    #[must_use]
    pub fn year_month_day(self) -> (i32, u8, u8) {
        let days = i64::from(self.0) + DAYS_TO_1970;
        let day_of_cycle = days.rem_euclid(DAYS_OF_400_YEARS);
        let year_of_cycle =
            (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
        let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * month_from_march + 2) / 5 + 1) as u8;
        let month = (if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 }) as u8;
        let year = (year_of_cycle + days.div_euclid(DAYS_OF_400_YEARS) * 400) as i32;
        (if month <= 2 { year + 1 } else { year }, month, day)
    }

    /// The year, 1 to 9999.
    #[must_use]
    pub fn year(self) -> i32 {
        self.year_month_day().0
    }

    /// The Beijing date at a moment.
    #[must_use]
    pub fn from_timestamp(moment: Timestamp) -> Self {
        let days = (moment.milliseconds() + Timestamp::BEIJING) / Timestamp::DAY;
        Self(i32::try_from(days).expect("a timestamp is not after the last date"))
    }

    /// Days since 1970-01-01, negative before.
    #[must_use]
    pub const fn days(self) -> i32 {
        self.0
    }

    /// So many days later, or earlier when negative.
    #[must_use]
    pub fn add_days(self, days: i32) -> Self {
        Self(self.0.saturating_add(days).clamp(Self::FIRST.0, Self::LAST.0))
    }

    /// The corresponding day (相应日) so many months later; where the month does not have it, the month's last day
    /// (专利法实施细则 Rule 5). The rule's move to the next working day needs the calendar and is not made here.
    #[must_use]
    pub fn add_months(self, months: u32) -> Self {
        let (year, month, day) = self.year_month_day();
        let months = i64::from(year) * 12 + i64::from(month) - 1 + i64::from(months);
        let (year, month) = (months / 12, (months % 12) as u8 + 1);
        match i32::try_from(year) {
            Ok(year) => {
                let day = day.min(days_in_month(year, month));
                Self::new(year, month, day).unwrap_or(Self::LAST)
            }
            Err(_) => Self::LAST,
        }
    }

    /// The corresponding day so many years later: of 29 February, 28 February where the year has no other.
    #[must_use]
    pub fn add_years(self, years: u16) -> Self {
        self.add_months(u32::from(years) * 12)
    }

    /// The day after.
    #[must_use]
    pub fn next(self) -> Self {
        self.add_days(1)
    }

    /// The day before.
    #[must_use]
    pub fn previous(self) -> Self {
        self.add_days(-1)
    }
}

const fn days_in_month(year: i32, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl TryFrom<i64> for Date {
    type Error = DateError;

    fn try_from(days: i64) -> Result<Self, DateError> {
        i32::try_from(days)
            .ok()
            .filter(|days| (Self::FIRST.0..=Self::LAST.0).contains(days))
            .map(Self)
            .ok_or(DateError::OutOfRange(days))
    }
}

impl TryFrom<i32> for Date {
    type Error = DateError;

    fn try_from(days: i32) -> Result<Self, DateError> {
        Self::try_from(i64::from(days))
    }
}
checked_wire!(Date, i32, |date| date.0);

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.year_month_day();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}
text_form!(Date);

impl std::str::FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let shape = || DateError::Shape(text.to_owned());
        let compact = compact(text);
        let parts: Vec<&str> = compact.split('-').collect();
        let [year, month, day] = parts.as_slice() else { return Err(shape()) };
        if (year.len(), month.len(), day.len()) != (4, 2, 2) {
            return Err(shape());
        }
        let year = number(year).and_then(|year| i32::try_from(year).ok()).ok_or_else(shape)?;
        let two_digits = |part: &str| number(part).and_then(|part| u8::try_from(part).ok());
        Self::new(year, two_digits(month).ok_or_else(shape)?, two_digits(day).ok_or_else(shape)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::text::tests::survives_every_form;
    use proptest::prelude::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn known_days_are_counted_right() {
        for (text, days) in [
            ("0001-01-01", -719_162),
            ("1969-12-31", -1),
            ("1970-01-01", 0),
            ("2000-02-29", 11_016),
            ("2000-03-01", 11_017),
            ("2003-10-01", 12_326),
            ("2024-01-20", 19_742),
            ("9999-12-31", 2_932_896),
        ] {
            assert_eq!(date(text).days(), days, "{text}");
            survives_every_form(&date(text), 4);
        }
    }

    #[test]
    fn every_day_of_the_calendar_follows_the_one_before() {
        let (mut year, mut month, mut day) = (1, 1, 1);
        for days in Date::FIRST.days()..=Date::LAST.days() {
            let made = Date::new(year, month, day).unwrap();
            assert_eq!((made.days(), made.year_month_day()), (days, (year, month, day)));
            if day < days_in_month(year, month) {
                day += 1;
            } else if month < 12 {
                (month, day) = (month + 1, 1);
            } else {
                (year, month, day) = (year + 1, 1, 1);
            }
        }
        assert_eq!(year, 10_000);
    }

    #[test]
    fn the_corresponding_day_is_the_last_of_a_month_that_lacks_it() {
        assert_eq!(date("1999-12-31").add_months(2), date("2000-02-29"));
        assert_eq!(date("1998-06-01").add_years(3), date("2001-06-01"));
        assert_eq!(date("2020-02-29").add_years(1), date("2021-02-28"));
        assert_eq!(date("2020-02-29").add_years(4), date("2024-02-29"));
        assert_eq!(date("2023-08-31").add_months(6), date("2024-02-29"));
        assert_eq!(date("2023-11-30").add_months(3), date("2024-02-29"));
        assert_eq!(date("2023-12-15").add_months(1), date("2024-01-15"));
        assert_eq!(date("9999-12-30").add_months(1), Date::LAST);
        assert_eq!(date("9999-12-30").add_months(u32::MAX), Date::LAST);
        assert_eq!(Date::FIRST.previous(), Date::FIRST);
        assert_eq!(date("2024-02-28").next(), date("2024-02-29"));
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "20240120",
            "2024-1-20",
            "24-01-20",
            "2024/01/20",
            "2024-01-20-01",
            "2024-+1-20",
            "02024-01-20",
        ] {
            assert!(matches!(text.parse::<Date>(), Err(DateError::Shape(_))), "{text}");
        }
        for text in
            ["2023-02-29", "1900-02-29", "2024-13-01", "2024-00-01", "2024-04-31", "2024-01-00", "0000-01-01"]
        {
            assert!(matches!(text.parse::<Date>(), Err(DateError::NoSuchDay { .. })), "{text}");
        }
        for days in [Date::LAST.days() + 1, Date::FIRST.days() - 1, i32::MIN, i32::MAX] {
            assert!(crate::codec::decode::<Date>(&days.to_le_bytes(), 4).is_err(), "{days}");
        }
    }

    proptest! {
        #[test]
        fn every_date_survives_every_form(days in Date::FIRST.0..=Date::LAST.0) {
            survives_every_form(&Date(days), 4);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,12}") {
            let _ = text.parse::<Date>();
        }
    }
}
