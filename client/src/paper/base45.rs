//! Write bytes in the 45 characters that a QR code packs best, and read them back strictly (RFC 9285).

/// The characters, by value (RFC 9285, table 1): those of the alphanumeric mode of QR codes.
const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Why a text is not base45.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Base45Error {
    /// A character outside the alphabet; lower case is outside.
    #[error("character {0} is none of the 45 of base45")]
    Character(usize),
    /// One character is left over: two or three encode something, one does not.
    #[error("the text breaks off: its length leaves one character over")]
    Length,
    /// A group of characters that stands for more than its bytes hold.
    #[error("the characters from {0} on stand for more than a byte or two")]
    Overflow(usize),
}

/// The text of these bytes: three characters for two bytes, two for a last single one.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    let mut push = |value: usize| text.push(char::from(ALPHABET[value % 45]));
    for pair in bytes.chunks(2) {
        let value = pair.iter().fold(0, |value, byte| value << 8 | usize::from(*byte));
        push(value);
        push(value / 45);
        if pair.len() == 2 {
            push(value / 2_025);
        }
    }
    text
}

/// The bytes of this text.
///
/// # Errors
/// [`Base45Error`] when no bytes have this text.
pub fn decode(text: &str) -> Result<Vec<u8>, Base45Error> {
    let mut bytes = Vec::with_capacity(text.len() / 3 * 2 + 1);
    for (group, characters) in text.as_bytes().chunks(3).enumerate() {
        let start = group * 3;
        let (mut value, mut weight) = (0, 1);
        for (place, character) in characters.iter().enumerate() {
            let digit = ALPHABET.iter().position(|known| known == character);
            value += weight * digit.ok_or(Base45Error::Character(start + place))?;
            weight *= 45;
        }
        match characters.len() {
            3 => bytes.extend(u16::try_from(value).map_err(|_| Base45Error::Overflow(start))?.to_be_bytes()),
            2 => bytes.push(u8::try_from(value).map_err(|_| Base45Error::Overflow(start))?),
            _ => return Err(Base45Error::Length),
        }
    }
    Ok(bytes)
}

/// Whether a character belongs to the alphabet.
pub(super) fn is_base45(byte: u8) -> bool {
    ALPHABET.contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_answers_of_rfc_9285_hold() {
        for (bytes, text) in
            [("AB", "BB8"), ("Hello!!", "%69 VD92EX0"), ("base-45", "UJCLQE7W581"), ("ietf!", "QED8WEX0")]
        {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).unwrap(), bytes.as_bytes());
        }
        assert_eq!(decode("").unwrap(), b"");
    }

    #[test]
    fn all_bytes_and_pairs_come_back() {
        for value in 0..=u16::MAX {
            let pair = value.to_be_bytes();
            assert_eq!(decode(&encode(&pair)).unwrap(), pair);
            let single = &pair[1..];
            assert_eq!(decode(&encode(single)).unwrap(), single);
        }
    }

    #[test]
    fn what_no_bytes_have_as_their_text_is_refused() {
        assert_eq!(decode("GGW"), Err(Base45Error::Overflow(0)), "65,536, as RFC 9285 says");
        assert_eq!(decode("BB8::"), Err(Base45Error::Overflow(3)), "256 and more in a last byte");
        assert_eq!(decode("BB8B"), Err(Base45Error::Length));
        assert_eq!(decode("BB8bb8"), Err(Base45Error::Character(3)));
        assert_eq!(decode("专利"), Err(Base45Error::Character(0)));
    }
}
