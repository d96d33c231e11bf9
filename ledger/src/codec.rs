//! Write values as canonical bytes and read them back, refusing every other encoding.
//!
//! The only module that knows `bincode`. The bytes are specified in the book, so the library can be replaced
//! without changing them: integers are little-endian and of fixed width; an `Option` is one byte, 0 or 1; a list
//! and a text start with their length as `u16`; a choice starts with a tag of one byte that is never reused.
//!
//! Reading checks the frame's length first, then that every byte was used, then encodes again and compares as it goes:
//! each value has exactly one encoding.

use bincode::config::{Configuration, Fixint, Limit, LittleEndian};
use bincode::de::{BorrowDecode, BorrowDecoder, Decoder};
use bincode::enc::Encoder;
use bincode::enc::write::Writer;
pub use bincode::error::{DecodeError, EncodeError};
pub use bincode::{Decode, Encode};

/// A leaf of the log is at most this many bytes, its type tag included: the bound of the tile format's `u16` length.
pub const LEAF_LIMIT: usize = 65_535;

/// A record is at most this many bytes, so that it fits a leaf behind the type tag.
pub const RECORD_LIMIT: usize = LEAF_LIMIT - 1;

/// The memory that decoding one value may claim at most, in bytes: what lists and texts take on the heap counts in full,
/// and the wire bytes of their elements beside it.
const MEMORY_LIMIT: usize = 1 << 20;

type Config = Configuration<LittleEndian, Fixint, Limit<MEMORY_LIMIT>>;
const CONFIG: Config =
    bincode::config::standard().with_little_endian().with_fixed_int_encoding().with_limit::<MEMORY_LIMIT>();

/// Bytes that are not the canonical encoding of the value asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// More bytes than the format allows.
    #[error("{length} bytes, the limit is {limit}")]
    TooLong {
        /// Bytes given.
        length: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// The bytes stop early, hold a value out of range, or claim too much memory.
    #[error("not decodable: {0}")]
    Malformed(String),
    /// Bytes are left over behind the value.
    #[error("{0} bytes left over behind the value")]
    Trailing(usize),
    /// The value has another, canonical encoding.
    #[error("not the canonical encoding of its value")]
    NotCanonical,
}

/// The canonical bytes of `value`.
///
/// # Panics
/// Never for the ledger's own types: their lengths are bounded when they are made.
#[must_use]
pub fn encode<T: Encode>(value: &T) -> Vec<u8> {
    bincode::encode_to_vec(value, CONFIG).expect("the ledger's values are bounded when they are made")
}

/// The canonical bytes of a value that may hold more than a frame takes.
///
/// # Errors
/// [`CodecError::TooLong`] beyond `limit` bytes, [`CodecError::Malformed`] when a part is beyond its own limit.
pub fn encode_within<T: Encode>(value: &T, limit: usize) -> Result<Vec<u8>, CodecError> {
    let bytes = bincode::encode_to_vec(value, CONFIG).map_err(|error| match error {
        EncodeError::Other(reason) => CodecError::Malformed(reason.into()),
        other => CodecError::Malformed(other.to_string()),
    })?;
    if bytes.len() > limit { Err(CodecError::TooLong { length: bytes.len(), limit }) } else { Ok(bytes) }
}

/// Reads a value of at most `limit` bytes and refuses all but its canonical encoding.
///
/// # Errors
/// [`CodecError`] says what is wrong; nothing beyond a bounded amount of memory is ever allocated.
pub fn decode<T: Decode<()> + Encode>(bytes: &[u8], limit: usize) -> Result<T, CodecError> {
    if bytes.len() > limit {
        return Err(CodecError::TooLong { length: bytes.len(), limit });
    }
    let value = decode_part(bytes)?;
    let mut rest = Comparing { expected: bytes };
    if bincode::encode_into_writer(&value, &mut rest, CONFIG).is_err() || !rest.expected.is_empty() {
        return Err(CodecError::NotCanonical);
    }
    Ok(value)
}

/// Reads a part of a frame whose canonical form [`decode`] asserts for the frame as a whole; uses every byte.
pub(crate) fn decode_part<T: Decode<()>>(bytes: &[u8]) -> Result<T, CodecError> {
    let (value, used) = bincode::decode_from_slice(bytes, CONFIG).map_err(malformed)?;
    if used == bytes.len() { Ok(value) } else { Err(CodecError::Trailing(bytes.len() - used)) }
}

fn malformed(error: DecodeError) -> CodecError {
    CodecError::Malformed(match error {
        DecodeError::OtherString(reason) => reason,
        DecodeError::Other(reason) => reason.into(),
        DecodeError::UnexpectedEnd { .. } => "the bytes end early".into(),
        DecodeError::LimitExceeded => format!("it claims more than {MEMORY_LIMIT} bytes of memory"),
        other => other.to_string(),
    })
}

/// Takes an encoding and compares it with the bytes expected, without keeping it.
struct Comparing<'a> {
    expected: &'a [u8],
}

impl Writer for Comparing<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), EncodeError> {
        self.expected = self.expected.strip_prefix(bytes).ok_or(EncodeError::Other("another byte"))?;
        Ok(())
    }
}

/// A decoding error with a message made at run time.
pub(crate) fn invalid(message: impl Into<String>) -> DecodeError {
    DecodeError::OtherString(message.into())
}

/// Implements `Encode`, `Decode` and the serde traits for a type that is written as `$wire` and checked by
/// `TryFrom<$wire>` when read: a value that was decoded is a value that could have been made.
macro_rules! checked_wire {
    ($type:ty, $wire:ty, |$value:ident| $to_wire:expr) => {
        impl $crate::codec::Encode for $type {
            fn encode<E: bincode::enc::Encoder>(
                &self,
                encoder: &mut E,
            ) -> Result<(), $crate::codec::EncodeError> {
                let $value = self;
                <$wire as $crate::codec::Encode>::encode(&$to_wire, encoder)
            }
        }
        impl<Context> $crate::codec::Decode<Context> for $type {
            fn decode<D: bincode::de::Decoder<Context = Context>>(
                decoder: &mut D,
            ) -> Result<Self, $crate::codec::DecodeError> {
                let wire = <$wire as $crate::codec::Decode<Context>>::decode(decoder)?;
                <Self as TryFrom<$wire>>::try_from(wire)
                    .map_err(|error| $crate::codec::invalid(error.to_string()))
            }
        }
        bincode::impl_borrow_decode!($type);
    };
}
pub(crate) use checked_wire;

/// Declares a choice that is written as one tag byte and the fields of the variant, in order.
/// Tags are given explicitly and never reused; an unknown tag does not decode.
macro_rules! tagged {
    ($(#[$meta:meta])* $vis:vis enum $name:ident {
        $($(#[$variant_meta:meta])* $tag:literal => $variant:ident
            $({ $($(#[$field_meta:meta])* $field:ident : $type:ty),* $(,)? })?),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        $vis enum $name {
            $($(#[$variant_meta])* $variant $({ $($(#[$field_meta])* $field: $type),* })?),*
        }
        impl $crate::codec::Encode for $name {
            fn encode<E: bincode::enc::Encoder>(&self, encoder: &mut E) -> Result<(), $crate::codec::EncodeError> {
                match self {
                    $(Self::$variant $({ $($field),* })? => {
                        let tag: u8 = $tag;
                        $crate::codec::Encode::encode(&tag, encoder)?;
                        $($($crate::codec::Encode::encode($field, encoder)?;)*)?
                        Ok(())
                    })*
                }
            }
        }
        impl<Context> $crate::codec::Decode<Context> for $name {
            fn decode<D: bincode::de::Decoder<Context = Context>>(
                decoder: &mut D,
            ) -> Result<Self, $crate::codec::DecodeError> {
                match <u8 as $crate::codec::Decode<Context>>::decode(decoder)? {
                    $($tag => Ok(Self::$variant $({ $($field: <$type as $crate::codec::Decode<Context>>::decode(decoder)?),* })?),)*
                    other => Err($crate::codec::invalid(format!(concat!("{} is no tag of ", stringify!($name)), other))),
                }
            }
        }
        bincode::impl_borrow_decode!($name);
    };
}
pub(crate) use tagged;

/// A list of at most `MAX` values, written as a `u16` count and the values.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct List<T, const MAX: usize>(Vec<T>);

impl<T, const MAX: usize> Default for List<T, MAX> {
    fn default() -> Self {
        Self::new()
    }
}

/// A list or a text with more elements than its bound.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{length} elements, at most {limit} are allowed")]
pub struct TooMany {
    /// Elements given.
    pub length: usize,
    /// Elements allowed.
    pub limit: usize,
}

impl<T, const MAX: usize> List<T, MAX> {
    /// An empty list.
    #[must_use]
    pub const fn new() -> Self {
        const { assert!(MAX <= u16::MAX as usize, "a list's count is a u16") };
        Self(Vec::new())
    }

    /// Adds a value, unless the list is full.
    ///
    /// # Errors
    /// [`TooMany`] when the list already holds `MAX` values.
    pub fn push(&mut self, value: T) -> Result<(), TooMany> {
        if self.0.len() >= MAX {
            return Err(TooMany { length: self.0.len() + 1, limit: MAX });
        }
        self.0.push(value);
        Ok(())
    }

    /// Keeps the values that `keep` accepts.
    pub fn retain(&mut self, keep: impl FnMut(&T) -> bool) {
        self.0.retain(keep);
    }
}

impl<T, const MAX: usize> std::ops::Deref for List<T, MAX> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T, const MAX: usize> std::ops::DerefMut for List<T, MAX> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T, const MAX: usize> TryFrom<Vec<T>> for List<T, MAX> {
    type Error = TooMany;

    fn try_from(values: Vec<T>) -> Result<Self, TooMany> {
        const { assert!(MAX <= u16::MAX as usize, "a list's count is a u16") };
        if values.len() > MAX { Err(TooMany { length: values.len(), limit: MAX }) } else { Ok(Self(values)) }
    }
}

impl<T, const MAX: usize> IntoIterator for List<T, MAX> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, T, const MAX: usize> IntoIterator for &'a List<T, MAX> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<'de, T: serde::Deserialize<'de>, const MAX: usize> serde::Deserialize<'de> for List<T, MAX> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(Vec::<T>::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl<T: Encode, const MAX: usize> Encode for List<T, MAX> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        let count = u16::try_from(self.0.len()).expect("a list is bounded when it is made");
        count.encode(encoder)?;
        self.0.iter().try_for_each(|value| value.encode(encoder))
    }
}

impl<Context, T: Decode<Context>, const MAX: usize> Decode<Context> for List<T, MAX> {
    fn decode<D: Decoder<Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let count = usize::from(u16::decode(decoder)?);
        if count > MAX {
            return Err(invalid(TooMany { length: count, limit: MAX }.to_string()));
        }
        const { assert!(size_of::<T>() > 0, "an element without bytes would pass every limit") };
        // Claimed for good, beside what the elements claim for themselves: the limit bounds the heap of nested lists.
        decoder.claim_container_read::<T>(count)?;
        let mut values = Vec::with_capacity(count);
        for _ in 0..count {
            values.push(T::decode(decoder)?);
        }
        Ok(Self(values))
    }
}

impl<'de, Context, T: Decode<Context>, const MAX: usize> BorrowDecode<'de, Context> for List<T, MAX> {
    fn borrow_decode<D: BorrowDecoder<'de, Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        <Self as Decode<Context>>::decode(decoder)
    }
}

/// Opaque bytes, at most `MAX`, written as a `u16` length and the bytes; hexadecimal in JSON.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Bytes<const MAX: usize>(Vec<u8>);

impl<const MAX: usize> TryFrom<Vec<u8>> for Bytes<MAX> {
    type Error = TooMany;

    fn try_from(bytes: Vec<u8>) -> Result<Self, TooMany> {
        const { assert!(MAX <= u16::MAX as usize, "a length is a u16") };
        if bytes.len() > MAX { Err(TooMany { length: bytes.len(), limit: MAX }) } else { Ok(Self(bytes)) }
    }
}

impl<const MAX: usize> std::ops::Deref for Bytes<MAX> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl<const MAX: usize> Encode for Bytes<MAX> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        u16::try_from(self.0.len()).expect("bytes are bounded when they are made").encode(encoder)?;
        encoder.writer().write(&self.0)
    }
}

impl<Context, const MAX: usize> Decode<Context> for Bytes<MAX> {
    fn decode<D: Decoder<Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        use bincode::de::read::Reader as _;
        let length = usize::from(u16::decode(decoder)?);
        if length > MAX {
            return Err(invalid(TooMany { length, limit: MAX }.to_string()));
        }
        decoder.claim_bytes_read(length)?;
        let mut bytes = vec![0; length];
        decoder.reader().read(&mut bytes)?;
        Ok(Self(bytes))
    }
}

impl<'de, Context, const MAX: usize> BorrowDecode<'de, Context> for Bytes<MAX> {
    fn borrow_decode<D: BorrowDecoder<'de, Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        <Self as Decode<Context>>::decode(decoder)
    }
}

impl<const MAX: usize> serde::Serialize for Bytes<MAX> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(&self.0))
    }
}

impl<'de, const MAX: usize> serde::Deserialize<'de> for Bytes<MAX> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let bytes = hex::decode(text.as_ref()).map_err(serde::de::Error::custom)?;
        Self::try_from(bytes).map_err(serde::de::Error::custom)
    }
}

/// Text for people: NFC, 1 to `MAX` bytes of UTF-8, without control, bidirectional or zero-width characters and
/// without space at its ends. What is not so is refused, never repaired. Written as a `u16` length and UTF-8.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text<const MAX: usize>(String);

/// The name by which a text tells a serializer that it is one; in JSON it is a string.
pub(crate) const TEXT: &str = "Text";

impl<const MAX: usize> serde::Serialize for Text<MAX> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(TEXT, &self.0)
    }
}

/// Why a text is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing there.
    #[error("the text is empty; leave the field out instead")]
    Empty,
    /// Too long.
    #[error("the text has {length} bytes, at most {limit} are allowed")]
    TooLong {
        /// Bytes given.
        length: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// A character that has no place in a text for people.
    #[error(
        "the text has U+{character:04X} at byte {at}: control, bidirectional and invisible characters are not allowed"
    )]
    Character {
        /// The character's code point.
        character: u32,
        /// Its offset in bytes.
        at: usize,
    },
    /// Not in Unicode normalization form C.
    #[error("the text is not in Unicode normalization form C (NFC); normalize it before signing")]
    NotNormalized,
    /// Space at an end.
    #[error("the text begins or ends with a space")]
    Untrimmed,
}

impl<const MAX: usize> Text<MAX> {
    /// The text, checked.
    ///
    /// # Errors
    /// [`TextError`] names the first thing that is not allowed.
    pub fn new(text: impl Into<String>) -> Result<Self, TextError> {
        const { assert!(MAX <= u16::MAX as usize, "a length is a u16") };
        let text = text.into();
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.len() > MAX {
            return Err(TextError::TooLong { length: text.len(), limit: MAX });
        }
        if let Some((at, character)) = text.char_indices().find(|(_, character)| is_forbidden(*character)) {
            return Err(TextError::Character { character: character as u32, at });
        }
        if text.trim() != text {
            return Err(TextError::Untrimmed);
        }
        if !unicode_normalization::is_nfc(&text) {
            return Err(TextError::NotNormalized);
        }
        Ok(Self(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Control, format, bidirectional, zero-width, tag and private-use characters, and those that are no characters.
fn is_forbidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{3164}' | '\u{E000}'..='\u{F8FF}' | '\u{FDD0}'..='\u{FDEF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}' | '\u{FFFE}'..='\u{FFFF}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}' | '\u{F0000}'..='\u{10FFFF}')
        || (character as u32) & 0xFFFE == 0xFFFE
}

impl<const MAX: usize> std::fmt::Display for Text<MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl<const MAX: usize> std::fmt::Debug for Text<MAX> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(&self.0, f)
    }
}

impl<const MAX: usize> std::str::FromStr for Text<MAX> {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        Self::new(text)
    }
}

impl<'de, const MAX: usize> serde::Deserialize<'de> for Text<MAX> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl<const MAX: usize> Encode for Text<MAX> {
    fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
        u16::try_from(self.0.len()).expect("a text is bounded when it is made").encode(encoder)?;
        encoder.writer().write(self.0.as_bytes())
    }
}

impl<Context, const MAX: usize> Decode<Context> for Text<MAX> {
    fn decode<D: Decoder<Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        let bytes = Bytes::<MAX>::decode(decoder)?;
        let text = String::from_utf8(bytes.0).map_err(|_| invalid("the text is not UTF-8"))?;
        Self::new(text).map_err(|error| invalid(error.to_string()))
    }
}

impl<'de, Context, const MAX: usize> BorrowDecode<'de, Context> for Text<MAX> {
    fn borrow_decode<D: BorrowDecoder<'de, Context = Context>>(decoder: &mut D) -> Result<Self, DecodeError> {
        <Self as Decode<Context>>::decode(decoder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_exactly_one_encoding() {
        let list: List<u16, 4> = vec![1, 2, 3].try_into().unwrap();
        let bytes = encode(&list);
        assert_eq!(bytes, [3, 0, 1, 0, 2, 0, 3, 0]);
        assert_eq!(decode::<List<u16, 4>>(&bytes, 8), Ok(list));
        assert_eq!(
            decode::<List<u16, 4>>(&[bytes.clone(), vec![0]].concat(), 9),
            Err(CodecError::Trailing(1))
        );
        assert!(matches!(decode::<List<u16, 4>>(&bytes, 7), Err(CodecError::TooLong { .. })));
        assert!(matches!(decode::<List<u16, 2>>(&bytes, 8), Err(CodecError::Malformed(_))));
    }

    /// A careless type: it reads every number of hours and keeps those of one day.
    #[derive(Debug, PartialEq)]
    struct Hours(u8);

    impl Encode for Hours {
        fn encode<E: Encoder>(&self, encoder: &mut E) -> Result<(), EncodeError> {
            self.0.encode(encoder)
        }
    }

    impl Decode<()> for Hours {
        fn decode<D: Decoder<Context = ()>>(decoder: &mut D) -> Result<Self, DecodeError> {
            Ok(Self(u8::decode(decoder)? % 24))
        }
    }

    #[test]
    fn a_second_encoding_is_refused_even_of_a_type_that_reads_it() {
        assert_eq!(decode::<Hours>(&[5], 1), Ok(Hours(5)));
        assert_eq!(decode::<Hours>(&[29], 1), Err(CodecError::NotCanonical));
        assert_eq!(decode::<List<Hours, 2>>(&[2, 0, 5, 29], 4), Err(CodecError::NotCanonical));
    }

    #[test]
    fn a_text_is_refused_rather_than_repaired() {
        assert!(Text::<64>::new("一种专利开放许可方法").is_ok());
        assert_eq!(Text::<64>::new(""), Err(TextError::Empty));
        assert_eq!(Text::<64>::new("e\u{301}"), Err(TextError::NotNormalized));
        assert_eq!(Text::<64>::new(" a"), Err(TextError::Untrimmed));
        for hidden in ['\u{200B}', '\u{202E}', '\u{7}', '\u{FEFF}', '\u{2066}', '\u{FDD0}', '\u{1BCA0}'] {
            let text = format!("a{hidden}b");
            assert_eq!(Text::<64>::new(text), Err(TextError::Character { character: hidden as u32, at: 1 }));
        }
    }
}
