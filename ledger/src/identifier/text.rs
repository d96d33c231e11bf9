//! Read identifiers as people write them, and write them as strings in JSON.

/// The characters that mean something, each with its place in `text` (counted from 1, in characters): full-width
/// forms as their ASCII counterparts, letters in upper case, spaces left out.
pub(super) fn characters(text: &str) -> Vec<(usize, char)> {
    text.chars()
        .enumerate()
        .filter(|(_, character)| !character.is_whitespace())
        .map(|(index, character)| (index + 1, half_width(character).to_ascii_uppercase()))
        .collect()
}

/// [`characters`] as one string, for identifiers whose errors need no place.
pub(super) fn compact(text: &str) -> String {
    characters(text).into_iter().map(|(_, character)| character).collect()
}

/// The ASCII counterpart of a full-width character (U+FF01 to U+FF5E); every other character stays.
pub(super) fn half_width(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(character as u32 - 0xFEE0).unwrap_or(character),
        _ => character,
    }
}

/// The number that ASCII digits spell; `None` when another character is among them, there are none, or it is too
/// large for 64 bits.
pub(super) fn number(digits: &str) -> Option<u64> {
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}

/// Writes a type in JSON as the string of its `Display` and reads it by its `FromStr`; `Debug` is `Display`.
macro_rules! text_form {
    ($type:ty) => {
        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text =
                    <std::borrow::Cow<'de, str> as serde::Deserialize<'de>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(super) use text_form;

#[cfg(test)]
pub(super) mod tests {
    use crate::codec::{Decode, Encode, decode, encode};
    use std::fmt::{Debug, Display};
    use std::str::FromStr;

    /// Checks that `value` survives its text, its JSON and its wire form, and that the wire form has `width` bytes.
    pub(in crate::identifier) fn survives_every_form<T>(value: &T, width: usize)
    where
        T: FromStr<Err: Debug> + Display + Debug + PartialEq + Encode + Decode<()>,
        T: serde::Serialize + serde::de::DeserializeOwned,
    {
        assert_eq!(value.to_string().parse::<T>().as_ref().ok(), Some(value), "text of {value}");
        let bytes = encode(value);
        assert_eq!(bytes.len(), width, "wire width of {value}");
        assert_eq!(decode::<T>(&bytes, width).as_ref(), Ok(value), "wire of {value}");
        let json = serde_json::to_string(value).unwrap();
        assert!(json.starts_with('"'), "JSON of {value} is a string");
        assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), value, "JSON of {value}");
    }

    #[test]
    fn full_width_characters_spaces_and_lower_case_are_taken_as_meant() {
        assert_eq!(super::compact("\u{3000}ｃｎ 1１.x "), "CN11.X");
        assert_eq!(super::characters(" a号")[1], (3, '号'));
    }
}
