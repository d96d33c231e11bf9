//! Check what the codec writes and refuses.

use super::*;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct CodecVectors {
    about: String,
    valid: Vec<CodecCase>,
    invalid: Vec<CodecRefused>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct CodecCase {
    r#type: String,
    value: Value,
    wire: String,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct CodecRefused {
    r#type: String,
    wire: String,
    error: String,
}

/// Writes a value of a type given by name, or reads one.
struct CodecType {
    name: &'static str,
    write: fn(&Value) -> Vec<u8>,
    read: fn(&[u8]) -> Result<Value, CodecError>,
}

fn codec_type<T: Serialize + DeserializeOwned + Encode + Decode<()>>(name: &'static str) -> CodecType {
    CodecType {
        name,
        write: |value| encode(&serde_json::from_value::<T>(value.clone()).unwrap()),
        read: |bytes| codec::decode::<T>(bytes, LIMIT).map(|value| serde_json::to_value(value).unwrap()),
    }
}

#[test]
fn values_are_written_and_read_as_the_vectors_say() {
    let types = [
        codec_type::<u8>("u8"),
        codec_type::<u16>("u16"),
        codec_type::<u32>("u32"),
        codec_type::<u64>("u64"),
        codec_type::<i32>("i32"),
        codec_type::<bool>("truth value"),
        codec_type::<Hash>("hash"),
        codec_type::<Option<u16>>("optional u16"),
        codec_type::<Option<Option<u8>>>("optional optional u8"),
        codec_type::<List<u32, 4>>("list of at most 4 u32"),
        codec_type::<List<List<u8, 2>, 3>>("list of at most 3 lists of at most 2 u8"),
        codec_type::<List<Option<u8>, 4>>("list of at most 4 optional u8"),
        codec_type::<Bytes<4>>("at most 4 bytes"),
        codec_type::<Text<16>>("text of at most 16 bytes"),
        codec_type::<FeeStandard>("choice: a fee standard"),
    ];
    let find = |name: &str| types.iter().find(|known| known.name == name).unwrap_or_else(|| panic!("{name}"));
    let valid = [
        ("u8", json!(255)),
        ("u16", json!(258)),
        ("u32", json!(66051)),
        ("u64", json!(72_623_859_790_382_856_u64)),
        ("i32", json!(-2)),
        ("truth value", json!(false)),
        ("truth value", json!(true)),
        ("hash", json!("ab".repeat(32))),
        ("optional u16", json!(null)),
        ("optional u16", json!(7)),
        ("optional optional u8", json!(7)),
        ("list of at most 4 u32", json!([])),
        ("list of at most 4 u32", json!([1, 258])),
        ("list of at most 3 lists of at most 2 u8", json!([[], [1], [2, 3]])),
        ("list of at most 4 optional u8", json!([null, 1])),
        ("at most 4 bytes", json!("00ff")),
        ("at most 4 bytes", json!("")),
        ("text of at most 16 bytes", json!("专利 A")),
        ("text of at most 16 bytes", json!("é")),
        ("choice: a fee standard", json!("free")),
        ("choice: a fee standard", json!({"instalments": {"each": "100", "count": 2}})),
    ];
    let invalid = [
        ("u16", "01"),
        ("u16", "010000"),
        ("truth value", "02"),
        ("optional u16", ""),
        ("optional u16", "02"),
        ("optional u16", "0107"),
        ("optional u16", "0000"),
        ("list of at most 4 u32", "05000100000001000000010000000100000001000000"),
        ("list of at most 4 u32", "ffff"),
        ("list of at most 4 u32", "020001000000"),
        ("list of at most 4 u32", "01000100000000"),
        ("list of at most 3 lists of at most 2 u8", "010003000102 03"),
        ("at most 4 bytes", "05000000000000"),
        ("at most 4 bytes", "ffff00"),
        ("text of at most 16 bytes", "0000"),
        ("text of at most 16 bytes", "01002041"),
        ("text of at most 16 bytes", "0100ff"),
        ("text of at most 16 bytes", "020041 20"),
        ("text of at most 16 bytes", "020041 00"),
        ("text of at most 16 bytes", "03006 5cc81"),
        ("text of at most 16 bytes", "0400 61e2808b"),
        ("text of at most 16 bytes", "0400 61e280ae"),
        ("text of at most 16 bytes", "0400 61efb790"),
        ("choice: a fee standard", "00"),
        ("choice: a fee standard", "08"),
        ("choice: a fee standard", "02"),
    ];
    let made = CodecVectors {
        about: "Values and their bytes on the wire (hexadecimal). `invalid` bytes are refused; `error` says why: \
                malformed, trailing, not_canonical, too_long."
            .into(),
        valid: valid
            .into_iter()
            .map(|(name, value)| CodecCase {
                r#type: name.into(),
                wire: hex::encode((find(name).write)(&value)),
                value,
            })
            .collect(),
        invalid: invalid
            .into_iter()
            .map(|(name, wire)| {
                let wire = wire.replace(' ', "");
                let error = (find(name).read)(&unhex(&wire)).expect_err(&format!("{name} {wire}"));
                CodecRefused { r#type: name.into(), wire, error: name_of(&error) }
            })
            .collect(),
    };
    for case in agree("codec.json", &made).valid {
        assert_eq!((find(&case.r#type).read)(&unhex(&case.wire)), Ok(case.value), "{}", case.wire);
    }
}
