//! Find personal identity numbers (公民身份号码, GB 11643) in a text, so that none enters the ledger.
//!
//! Eighteen characters: six digits of region, eight of the date of birth, three of a sequence, and a check character
//! (ISO 7064 mod 11-2); or the fifteen digits of before 1999, without century and check. What looks like one is taken for
//! one: a wrong refusal is cured by writing the text otherwise, a number on the ledger by nothing.

use super::Date;
use super::text::half_width;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

/// Whether somebody's identity number stands in the text: in one piece, or in groups with one character between them.
#[must_use]
pub fn has_personal_number(text: &str) -> bool {
    let runs = groups(text);
    runs.iter().any(|run| {
        run.iter().any(|group| is_old(group))
            || (0..run.len()).any(|first| {
                let mut joined = Vec::new();
                run[first..].iter().any(|group| {
                    joined.extend_from_slice(group);
                    is_number(&joined)
                })
            })
    })
}

/// The groups of digits in the text, an `X` behind seventeen digits with them; groups that one separator parts stand in
/// one run.
fn groups(text: &str) -> Vec<Vec<Vec<u8>>> {
    let characters: Vec<char> =
        text.chars().map(|character| half_width(character).to_ascii_uppercase()).collect();
    let mut runs: Vec<Vec<Vec<u8>>> = Vec::new();
    let (mut at, mut end) = (0, None);
    while at < characters.len() {
        if !characters[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        let mut group = Vec::new();
        while let Some(digit) = characters.get(at).filter(|character| character.is_ascii_digit()) {
            group.push(*digit as u8);
            at += 1;
        }
        let next = characters.get(at + 1).copied();
        if characters.get(at) == Some(&'X') && !next.is_some_and(|next| next.is_ascii_alphanumeric()) {
            group.push(b'X');
            at += 1;
        }
        let follows = end.is_some_and(|end| end + 1 == start && is_separator(characters[end]));
        match runs.last_mut() {
            Some(run) if follows => run.push(group),
            _ => runs.push(vec![group]),
        }
        end = Some(at);
    }
    runs
}

fn is_separator(character: char) -> bool {
    character.is_whitespace()
        || matches!(character, '-' | '\u{2010}'..='\u{2015}' | '_' | '.' | '·' | '/' | ',' | '\u{3001}')
}

/// Whether the eighteen characters have a region, a date and the right check character.
fn is_number(characters: &[u8]) -> bool {
    let Some((body, [check])) = characters.split_last_chunk::<1>().filter(|(body, _)| body.len() == 17)
    else {
        return false;
    };
    if !body.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = body.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    let expected = CHECKS.get((sum % 11) as usize);
    expected == Some(check)
        && is_region(body)
        && matches!(value(&body[6..8]), 18..=20)
        && is_date(value(&body[6..10]), &body[10..14])
}

/// Whether the fifteen digits have a region and a date of the last century.
fn is_old(digits: &[u8]) -> bool {
    digits.len() == 15
        && digits.iter().all(u8::is_ascii_digit)
        && is_region(digits)
        && is_date(1900 + value(&digits[6..8]), &digits[8..12])
}

/// The first two digits of provinces, Hong Kong, Macao and Taiwan.
fn is_region(digits: &[u8]) -> bool {
    matches!(
        value(&digits[..2]),
        11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83
    )
}

fn is_date(year: i32, month_and_day: &[u8]) -> bool {
    let part = |digits: &[u8]| u8::try_from(value(digits)).unwrap_or(u8::MAX);
    Date::new(year, part(&month_and_day[..2]), part(&month_and_day[2..])).is_ok()
}

/// The number that a few ASCII digits spell.
fn value(digits: &[u8]) -> i32 {
    digits.iter().fold(0, |number, digit| number * 10 + i32::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The standard's own example.
    const EXAMPLE: &str = "11010519491231002X";

    #[test]
    fn a_number_is_found_however_it_is_written() {
        for text in [
            "11010519491231002X",
            "11010519491231002x",
            "１１０１０５１９４９１２３１００２Ｘ",
            "联系人身份证号11010519491231002X，电话010-00000000",
            "110105 19491231 002X",
            "110105-1949-1231-002X",
            "2026-11-24 11010519491231002X",
            "ID:440524188001010014",
            "110105491231002",
        ] {
            assert!(has_personal_number(text), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_not_taken_for_one() {
        for text in [
            "",
            "91350100M000100Y43",
            "911101051949123100",
            "ZL202010000001X",
            "202010000001.5",
            "CN 113129176 B",
            "X2023980047592",
            "2026110100000123",
            "11010519491231002",
            "110105194912310021",
            "11010519491331002X",
            "1101051949123100211",
            "010-00000000，13800000000",
            "2020-01-15 2022-03-01 2026-11-24",
            "（2026）京01民初1号",
            "110105491331002",
        ] {
            assert!(!has_personal_number(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_noticed(place in 0..17_usize, digit in b'0'..=b'9') {
            let mut other = EXAMPLE.as_bytes().to_vec();
            prop_assume!(other[place] != digit);
            other[place] = digit;
            prop_assert!(!is_number(&other));
        }

        #[test]
        fn any_text_is_read(text in "\\PC{0,60}", digits in "[0-9 X-]{0,60}") {
            let (before, behind) = (format!("{EXAMPLE}，{text}"), format!("{digits}号{EXAMPLE}"));
            prop_assert!(has_personal_number(&before));
            prop_assert!(has_personal_number(&behind));
        }
    }
}
