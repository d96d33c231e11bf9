//! Count moments in UTC milliseconds, and read and write them as RFC 3339.

use super::Date;
use super::text::{number, text_form};
use crate::codec::checked_wire;
use std::fmt;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = Timestamp::DAY;

/// A moment from 1970 to the end of 9999-12-31 in Beijing. On the wire a `u64`, milliseconds since 1970-01-01 UTC;
/// as text `2026-01-02T03:04:05.678Z`.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

/// Why a text or a value is no timestamp.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// Not the form of RFC 3339.
    #[error(
        "{0:?} is no time: write RFC 3339 with a zone, as in 2026-01-02T03:04:05.678Z or 2026-01-02T11:04:05+08:00"
    )]
    Shape(String),
    /// An hour, minute, second or zone that does not exist, or a leap second.
    #[error("{0:?} has no such time of day: hours to 23, minutes and seconds to 59, zones to 23:59")]
    TimeOfDay(String),
    /// More than three digits behind the second.
    #[error("{0:?} is finer than a millisecond: at most three digits stand behind the seconds")]
    TooFine(String),
    /// Before 1970 or after the last date.
    #[error("{0} lies outside the years 1970 to 9999")]
    OutOfRange(String),
}

impl Timestamp {
    /// Milliseconds of a day.
    pub const DAY: u64 = 24 * HOUR;
    /// Milliseconds that Beijing is ahead of UTC: by rule, at every time of every year.
    pub const BEIJING: u64 = 8 * HOUR;
    /// 1970-01-01T00:00:00.000Z.
    pub const FIRST: Self = Self(0);
    /// The last millisecond of 9999-12-31 in Beijing.
    pub const LAST: Self = Self((Date::LAST.days() as u64 + 1) * DAY - Self::BEIJING - 1);

    /// UTC milliseconds since 1970-01-01.
    #[must_use]
    pub const fn milliseconds(self) -> u64 {
        self.0
    }

    /// The Beijing date at this moment.
    #[must_use]
    pub fn date(self) -> Date {
        Date::from_timestamp(self)
    }

    /// Midnight in Beijing, at which a date begins; the first moment for dates before 1970-01-02.
    #[must_use]
    pub fn start_of(date: Date) -> Self {
        let days = u64::try_from(date.days()).unwrap_or(0);
        Self((days * DAY).saturating_sub(Self::BEIJING))
    }

    /// So many milliseconds later, at most the last moment.
    #[must_use]
    pub fn plus_milliseconds(self, milliseconds: u64) -> Self {
        Self(self.0.saturating_add(milliseconds).min(Self::LAST.0))
    }
}

impl TryFrom<u64> for Timestamp {
    type Error = TimestampError;

    fn try_from(milliseconds: u64) -> Result<Self, TimestampError> {
        if milliseconds <= Self::LAST.0 {
            Ok(Self(milliseconds))
        } else {
            Err(TimestampError::OutOfRange(format!("{milliseconds} ms")))
        }
    }
}
checked_wire!(Timestamp, u64, |timestamp| timestamp.0);

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = i32::try_from(self.0 / DAY).expect("below the days of the last date");
        let date = Date::try_from(days).expect("UTC is not ahead of Beijing");
        let (hour, minute) = (self.0 % DAY / HOUR, self.0 % HOUR / MINUTE);
        let (second, millisecond) = (self.0 % MINUTE / SECOND, self.0 % SECOND);
        write!(f, "{date}T{hour:02}:{minute:02}:{second:02}.{millisecond:03}Z")
    }
}
text_form!(Timestamp);

impl std::str::FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let shape = || TimestampError::Shape(text.to_owned());
        if !text.is_ascii() || text.len() < 20 || !matches!(text.as_bytes()[10], b'T' | b't') {
            return Err(shape());
        }
        let date: Date = text[..10].parse().map_err(|_| shape())?;
        let [hours, minutes, seconds] = clock(&text[11..19]).ok_or_else(shape)?;
        let rest = &text[19..];
        let zone_at = rest.find(['Z', 'z', '+', '-']).ok_or_else(shape)?;
        let millisecond = match rest[..zone_at].strip_prefix('.') {
            None if zone_at == 0 => 0,
            Some(fraction) if fraction.bytes().all(|byte| byte.is_ascii_digit()) => match fraction.len() {
                0 => return Err(shape()),
                1..=3 => number(&format!("{fraction:0<3}")).ok_or_else(shape)?,
                _ => return Err(TimestampError::TooFine(text.to_owned())),
            },
            _ => return Err(shape()),
        };
        let zone = &rest[zone_at..];
        let [zone_hours, zone_minutes, _] = match zone {
            "Z" | "z" => [0, 0, 0],
            _ => clock(&format!("{}:00", &zone[1..])).ok_or_else(shape)?,
        };
        if hours > 23 || minutes > 59 || seconds > 59 || zone_hours > 23 || zone_minutes > 59 {
            return Err(TimestampError::TimeOfDay(text.to_owned()));
        }
        let local = i64::from(date.days()) * DAY as i64
            + (hours * HOUR + minutes * MINUTE + seconds * SECOND + millisecond) as i64;
        let offset = (zone_hours * HOUR + zone_minutes * MINUTE) as i64;
        let utc = if zone.starts_with('-') { local + offset } else { local - offset };
        u64::try_from(utc)
            .ok()
            .and_then(|utc| Self::try_from(utc).ok())
            .ok_or_else(|| TimestampError::OutOfRange(text.to_owned()))
    }
}

/// The three numbers of `HH:MM:SS`.
fn clock(text: &str) -> Option<[u64; 3]> {
    match text.as_bytes() {
        [_, _, b':', _, _, b':', _, _] => {
            Some([number(text.get(..2)?)?, number(text.get(3..5)?)?, number(text.get(6..)?)?])
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identifier::text::tests::survives_every_form;
    use proptest::prelude::*;

    fn parse(text: &str) -> Result<Timestamp, TimestampError> {
        text.parse()
    }

    #[test]
    fn moments_are_read_in_every_zone_and_written_in_utc() {
        for (text, milliseconds) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1970-01-01T08:00:00.000+08:00", 0),
            ("2026-01-02T03:04:05.678Z", 1_767_323_045_678),
            ("2026-01-02t11:04:05.678+08:00", 1_767_323_045_678),
            ("2026-01-01T21:34:05.678-05:30", 1_767_323_045_678),
            ("2026-01-02T03:04:05.6z", 1_767_323_045_600),
            ("2026-01-02T03:04:05-00:00", 1_767_323_045_000),
        ] {
            let moment = parse(text).unwrap();
            assert_eq!(moment.milliseconds(), milliseconds, "{text}");
            survives_every_form(&moment, 8);
        }
        assert_eq!(Timestamp::LAST.to_string(), "9999-12-31T15:59:59.999Z");
        survives_every_form(&Timestamp::LAST, 8);
    }

    #[test]
    fn a_date_begins_at_midnight_in_beijing() {
        let date: Date = "2026-01-02".parse().unwrap();
        let start = Timestamp::start_of(date);
        assert_eq!(start.to_string(), "2026-01-01T16:00:00.000Z");
        assert_eq!(start.date(), date);
        assert_eq!(Timestamp(start.0 - 1).date(), date.previous());
        assert_eq!(Timestamp::start_of("1950-01-01".parse().unwrap()), Timestamp::FIRST);
        assert_eq!(Timestamp::LAST.date(), Date::LAST);
        assert_eq!(Timestamp::LAST.plus_milliseconds(u64::MAX), Timestamp::LAST);
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2026-01-02",
            "2026-01-02T03:04:05",
            "2026-01-02 03:04:05Z",
            "2026-01-02T03:04Z",
            "2026-02-30T03:04:05Z",
            "2026-01-02T03:04:05.Z",
            "2026-01-02T03:04:05x1Z",
            "2026-01-02T03:04:05+0800",
            "2026-01-02T03:04:05+08",
            "2026-01-02T03:04:05Zulu",
            "2026-01-02T+3:04:05Z",
            "２026-01-02T03:04:05Z",
        ] {
            assert!(matches!(parse(text), Err(TimestampError::Shape(_))), "{text}");
        }
        for text in [
            "2026-01-02T24:00:00Z",
            "2026-01-02T23:60:00Z",
            "2016-12-31T23:59:60Z",
            "2026-01-02T03:04:05+24:00",
        ] {
            assert!(matches!(parse(text), Err(TimestampError::TimeOfDay(_))), "{text}");
        }
        assert!(matches!(parse("2026-01-02T03:04:05.6789Z"), Err(TimestampError::TooFine(_))));
        for text in ["1969-12-31T23:59:59Z", "1970-01-01T00:00:00+08:00", "9999-12-31T23:59:59Z"] {
            assert!(matches!(parse(text), Err(TimestampError::OutOfRange(_))), "{text}");
        }
        assert!(Timestamp::try_from(Timestamp::LAST.0 + 1).is_err());
    }

    proptest! {
        #[test]
        fn every_moment_survives_every_form(milliseconds in 0..=Timestamp::LAST.0) {
            let moment = Timestamp(milliseconds);
            survives_every_form(&moment, 8);
            let start = Timestamp::start_of(moment.date());
            prop_assert!(start <= moment && moment.0 - start.0 < DAY);
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "(2026-01-02T03:04:05)?\\PC{0,12}") {
            let _ = parse(&text);
        }
    }
}
