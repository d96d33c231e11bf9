//! Draw a text as a QR code (ISO/IEC 18004) at level M: a seventh of it may be lost and it is still read.

use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

/// Light modules around a code, without which scanners do not find it (ISO/IEC 18004, 6.3.8).
pub const QUIET: usize = 4;

/// A QR code: a square of dark and light modules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    width: usize,
    dark: Vec<bool>,
}

/// The text is longer than a code holds, or has characters outside the alphanumeric mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a QR code at level M holds 3,391 characters of the alphanumeric mode, and not this text")]
pub struct NoCode;

impl Code {
    /// The smallest code for a text of base45, in alphanumeric mode throughout.
    ///
    /// # Errors
    /// [`NoCode`].
    pub fn new(text: &str) -> Result<Self, NoCode> {
        if !text.bytes().all(super::base45::is_base45) {
            return Err(NoCode);
        }
        let code = (1..=40).find_map(|version| encode(text, Version::Normal(version))).ok_or(NoCode)?;
        let dark = code.to_colors().into_iter().map(|color| color == Color::Dark).collect();
        Ok(Self { width: code.width(), dark })
    }

    /// Modules of a side, without the quiet zone.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Runs of dark modules: row, first column, length.
    pub fn runs(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        self.dark.chunks(self.width).enumerate().flat_map(|(row, modules)| {
            let mut column = 0;
            modules.chunk_by(|left, right| left == right).filter_map(move |run| {
                let start = column;
                column += run.len();
                run.first().filter(|dark| **dark).map(|_| (row, start, run.len()))
            })
        })
    }
}

fn encode(text: &str, version: Version) -> Option<QrCode> {
    let mut bits = Bits::new(version);
    bits.push_alphanumeric_data(text.as_bytes()).ok()?;
    bits.push_terminator(EcLevel::M).ok()?;
    QrCode::with_bits(bits, EcLevel::M).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_part_fits_the_largest_code_and_not_a_character_more() {
        let code = Code::new(&"A".repeat(3_391)).unwrap();
        assert_eq!(code.width(), 177, "version 40");
        assert_eq!(Code::new(&"A".repeat(3_392)), Err(NoCode));
        assert_eq!(Code::new("lower case"), Err(NoCode));
    }

    #[test]
    fn the_capacities_of_the_alphanumeric_mode_at_level_m_are_reached() {
        // ISO/IEC 18004, table 7.
        for (version, capacity) in [(1, 20), (10, 311), (20, 970), (27, 1_637), (40, 3_391)] {
            let width = 17 + 4 * version;
            assert_eq!(Code::new(&"7".repeat(capacity)).unwrap().width(), width, "version {version}");
        }
    }

    #[test]
    fn the_runs_are_the_dark_modules() {
        let code = Code::new("TONGDA").unwrap();
        let mut drawn = vec![false; code.width * code.width];
        for (row, column, length) in code.runs() {
            drawn[row * code.width + column..][..length].fill(true);
        }
        assert_eq!(drawn, code.dark);
        assert!(code.runs().any(|run| run == (0, 0, 7)), "the finder pattern begins with seven dark modules");
    }
}
