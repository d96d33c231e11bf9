//! One sample of every act and every state value, with every variant of every choice: the JSON forms that the golden
//! vectors of acts and state values hold.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test file uses its own part of the samples"
)]

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt::Debug;
use tongda_ledger::act::Act;
use tongda_ledger::state::{StateKey, Stored};

/// The golden vector of this name.
pub fn read(name: &str) -> Value {
    let text = std::fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Where the golden vector of this name stands.
pub fn path(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors").join(name)
}

/// The golden vectors of this name, which must be these; written first where that is asked for.
pub fn agree<T: Serialize + DeserializeOwned + PartialEq + Debug>(name: &str, made: &T) -> T {
    if writing() {
        let text = serde_json::to_string_pretty(made).unwrap() + "\n";
        // Other tests read it at the same time, so it is put in place whole.
        let made = path(&format!("{name}.made"));
        std::fs::write(&made, text).unwrap();
        std::fs::rename(made, path(name)).unwrap();
    }
    let kept: T = serde_json::from_value(read(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert!(kept == *made, "{name} differs from what is made now; kept {kept:#?}, made {made:#?}");
    kept
}

/// The golden vectors of a kind: `act.json` for the core of the catalogue, and one in the folder `act/` for each family
/// beyond it.
pub fn files(kind: &str) -> Vec<String> {
    let beyond = std::fs::read_dir(path(kind)).into_iter().flatten().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = beyond
        .map(|name| format!("{kind}/{}", name.to_str().unwrap()))
        .filter(|name| name.ends_with(".json"))
        .collect();
    names.push(format!("{kind}.json"));
    names.sort();
    names
}

/// Every sample act.
pub fn acts() -> Vec<Act> {
    files("act").iter().flat_map(|name| acts_of(name)).collect()
}

/// The sample acts of one file.
pub fn acts_of(name: &str) -> Vec<Act> {
    let vectors = read(name);
    let acts = vectors["acts"].as_array().expect("a list of acts");
    acts.iter().map(|entry| act(&entry["act"])).collect()
}

/// The act of a JSON form, which must be the form that the act itself has.
pub fn act(json: &Value) -> Act {
    let act: Act = serde_json::from_value(json.clone()).unwrap_or_else(|error| panic!("{json}: {error}"));
    if !writing() {
        assert_eq!(serde_json::to_value(&act).unwrap(), *json, "the JSON form of an act");
    }
    act
}

/// Whether the vectors are being written again, so that forms without a new field are taken as they are.
pub fn writing() -> bool {
    std::env::var_os("TONGDA_WRITE_VECTORS").is_some()
}

/// A state value: its type, its key and its bytes.
#[derive(Clone, Debug)]
pub struct StateValue {
    pub kind: String,
    pub key: StateKey,
    pub bytes: Vec<u8>,
    pub json: Value,
}

/// Every sample state value.
pub fn state_values() -> Vec<StateValue> {
    let values = files("state").into_iter().flat_map(|name| match read(&name)["values"].take() {
        Value::Array(values) => values,
        _ => panic!("{name} has no list of values"),
    });
    values
        .map(|entry| state_value(entry["type"].as_str().expect("a type"), &entry["id"], &entry["value"]))
        .collect()
}

/// Does the same with each type of the state, by its name.
#[macro_export]
macro_rules! with_state_type {
    ($name:expr, |$type:ident| $body:expr) => {
        $crate::with_state_type!(@ $name, $type, $body,
            Parameters Nodes Anchor Member MemberByCode MemberByKey PowerOfAttorney Party Patent PatentByNumber
            PatentStatus LicenceList Declaration OpenNotice ReceiptUsed Licence RecordalTaken Transfer Pledge
            PledgeConsent Pending UsedChunk UsedTail Duties
            PledgeCourse PledgeNotice Disposal Valuation FundAccount Compensation Instrument StreamList InsuranceClaim
            CreditLine
            Product ProductOutput ProductByPlatform PatentProducts
            Funding FundingReport IncomeDistribution DiligenceEntry TenderNotice Proposal NodeKeyUsed Calendar
            Statistic RegionalReport Project ProjectResult ExternalAnchor Publication
            Implementation PatentImplementation TechnicalContract ContractByNumber ContractOf BorderTrade
            StockEntry SupportMeasure MatchPush MatchFeedback FeedbackGiven Demand Listing LiveListing MatchingEvent
            Pool PoolMember PoolsOf PoolDistribution Portfolio Consortium OpenSource OpenSourceTermination
            StandardDeclaration UndertakenFor
            CreditLine DisputeCase LicenceDisputes CreditEntry MemberCredit
            PledgeConsent Pending UsedChunk UsedTail Duties TransferGround RecordalCancelled RoyaltyReport RoyaltyPeriods
            MemberAttribute LicensorsBound AnnuityPaid)
    };
    (@ $name:expr, $type:ident, $body:expr, $($known:ident)*) => {
        match $name {
            $(stringify!($known) => {
                type $type = tongda_ledger::state::$known;
                $body
            })*
            other => panic!("{other} is no type of the state"),
        }
    };
}

/// The state value of these JSON forms.
pub fn state_value(kind: &str, id: &Value, value: &Value) -> StateValue {
    let (key, bytes, json) = with_state_type!(kind, |T| stored::<T>(id, value));
    StateValue { kind: kind.to_owned(), key, bytes, json }
}

fn stored<T>(id: &Value, json: &Value) -> (StateKey, Vec<u8>, Value)
where
    T: Stored + Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
    T::Id: DeserializeOwned,
{
    let value: T = serde_json::from_value(json.clone()).unwrap_or_else(|error| panic!("{json}: {error}"));
    let form = serde_json::to_value(&value).unwrap();
    assert!(writing() || form == *json, "the JSON form of a state value: {form} and {json}");
    let id = serde_json::from_value(id.clone()).unwrap_or_else(|error| panic!("{id}: {error}"));
    let key = StateKey::of::<T>(&id);
    let bytes = value.to_bytes().expect("samples are short");
    assert_eq!(T::from_bytes(&key, &bytes), Ok(value), "what is written is read back");
    (key, bytes, form)
}

/// Reads bytes as a value of this type and writes them again.
pub fn rewritten(kind: &str, key: &StateKey, bytes: &[u8]) -> Option<Vec<u8>> {
    with_state_type!(kind, |T| T::from_bytes(key, bytes)
        .ok()
        .map(|value| value.to_bytes().expect("what was read can be written")))
}
