//! Read what is typed on the command line into the ledger's values.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fmt::Display;
use std::str::FromStr;
use tongda_ledger::act::ActKind;
use tongda_ledger::act::licence::FeeShare;
use tongda_ledger::act::open_licence::FeeStandard;
use tongda_ledger::act::patent::Owner;
use tongda_ledger::act::transfer::{CapitalShare, Pricing, Transferee};
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{Money, PartyId, PatentId, PatentNumber, Rate};

/// A choice of the ledger by its name: `public-institution`, or `public_institution` as it stands in JSON.
pub(crate) fn choice<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(Value::String(text.replace('-', "_")))
        .map_err(|error| error.to_string().replace('_', "-"))
}

/// A kind of act by its name, `open.declare`.
pub(crate) fn act_kind(text: &str) -> Result<ActKind, String> {
    ActKind::named(text).ok_or_else(|| format!("{text:?} is no act; acts are named like open.declare"))
}

/// A patent as people name it: by its id on the ledger, or by its number.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum PatentName {
    /// By id.
    Id(PatentId),
    /// By number.
    Number(PatentNumber),
}

impl FromStr for PatentName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(id) => Ok(Self::Id(id)),
            Err(as_id) if text.starts_with(['P', 'p']) => Err(as_id.to_string()),
            Err(_) => text.parse().map(Self::Number).map_err(|error| error.to_string()),
        }
    }
}

impl Display for PatentName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

/// A digest: 64 hexadecimal digits, or `@FILE` for that of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Digest {
    /// As given.
    Given(Hash),
    /// Of this file.
    Of(std::path::PathBuf),
}

impl FromStr for Digest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix('@') {
            Some("") => Err("@ is followed by the name of a file".into()),
            Some(path) => Ok(Self::Of(path.into())),
            None => text
                .parse()
                .map(Self::Given)
                .map_err(|error| format!("{error}; or write @FILE for its digest")),
        }
    }
}

/// An amount that may be confidential: `5000` in public, `sealed:HASH`, or `sealed:5000@FILE` with the file of its salt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Figure {
    /// In figures.
    Public(Money),
    /// Sealed already.
    Sealed(Hash),
    /// To be sealed.
    Seal {
        /// The amount.
        amount: Money,
        /// Where its salt is kept.
        salt: std::path::PathBuf,
    },
}

impl FromStr for Figure {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let money = |text: &str| text.parse::<Money>().map_err(|error| error.to_string());
        let Some(sealed) = text.strip_prefix("sealed:") else { return money(text).map(Self::Public) };
        match sealed.split_once('@') {
            Some((_, "")) => Err("@ is followed by the name of the file with the salt".into()),
            Some((amount, path)) => Ok(Self::Seal { amount: money(amount)?, salt: path.into() }),
            None => sealed
                .parse()
                .map(Self::Sealed)
                .map_err(|error| format!("{error}; or write sealed:AMOUNT@FILE with the file of its salt")),
        }
    }
}

/// A version of a patent: `PATENT@VERSION`.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Version {
    pub(crate) patent: PatentName,
    pub(crate) version: u64,
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (patent, version) = text.rsplit_once('@').ok_or("write PATENT@VERSION")?;
        let version = version
            .parse()
            .map_err(|_| format!("{version:?} is no version: a version is a count of events"))?;
        Ok(Self { patent: patent.parse()?, version })
    }
}

/// `PARTY` or `PARTY=60%`.
fn share(text: &str) -> Result<(PartyId, Option<Rate>), String> {
    let (party, share) = match text.split_once('=') {
        Some((party, share)) => (party, Some(share.parse().map_err(|error| format!("{error}"))?)),
        None => (text, None),
    };
    Ok((party.parse().map_err(|error| format!("{error}"))?, share))
}

/// An owner: `PARTY` or `PARTY=60%`.
pub(crate) fn owner(text: &str) -> Result<Owner, String> {
    share(text).map(|(party, share)| Owner { party, share })
}

/// A transferee: `PARTY` or `PARTY=60%`.
pub(crate) fn transferee(text: &str) -> Result<Transferee, String> {
    share(text).map(|(party, share)| Transferee { party, share })
}

/// A co-owner's share of a fee: `PARTY=60%`.
pub(crate) fn fee_share(text: &str) -> Result<FeeShare, String> {
    let (owner, share) = share(text)?;
    Ok(FeeShare { owner, share: share.ok_or("write PARTY=SHARE, as in E-12-3=60%")? })
}

/// A contributor's share of a company's capital: `PARTY=60%`.
pub(crate) fn capital_share(text: &str) -> Result<CapitalShare, String> {
    let FeeShare { owner, share } = fee_share(text)?;
    Ok(CapitalShare { owner, share })
}

/// A fee standard, in the forms that the help of `open declare` lists.
pub(crate) fn fee(text: &str) -> Result<FeeStandard, String> {
    const FORMS: &str = "write free, lump:5000, instalments:1000x4, net-sales:3%, profit:10%, per-unit:2.50 or entry:10000+3%";
    let money = |text: &str| text.parse::<Money>().map_err(|error| error.to_string());
    let rate = |text: &str| text.parse::<Rate>().map_err(|error| error.to_string());
    let (kind, value) = text.split_once(':').unwrap_or((text, ""));
    Ok(match (kind, value) {
        ("free", "") => FeeStandard::Free,
        ("lump", amount) => FeeStandard::Lump { amount: money(amount)? },
        ("instalments", value) => {
            let (each, count) = value.rsplit_once('x').ok_or(FORMS)?;
            let count = count.parse().map_err(|_| format!("{count:?} is no number of instalments"))?;
            FeeStandard::Instalments { each: money(each)?, count }
        }
        ("net-sales", value) => FeeStandard::RoyaltyNetSales { rate: rate(value)? },
        ("profit", value) => FeeStandard::RoyaltyProfit { rate: rate(value)? },
        ("per-unit", amount) => FeeStandard::RoyaltyPerUnit { amount: money(amount)? },
        ("entry", value) => {
            let (entry, share) = value.split_once('+').ok_or(FORMS)?;
            FeeStandard::EntryAndRoyalty { entry: money(entry)?, rate: rate(share)? }
        }
        _ => return Err(FORMS.into()),
    })
}

/// How a price was found: `agreement`, `agreement:2026-01-01/2026-01-15` with its public notice, `listing`, `auction`.
pub(crate) fn pricing(text: &str) -> Result<Pricing, String> {
    match text.split_once(':').unwrap_or((text, "")) {
        ("agreement", "") => Ok(Pricing::Agreement { notice: None }),
        ("agreement", notice) => {
            Ok(Pricing::Agreement { notice: Some(notice.parse().map_err(|error| format!("{error}"))?) })
        }
        ("listing", "") => Ok(Pricing::Listing),
        ("auction", "") => Ok(Pricing::Auction),
        _ => {
            Err("write agreement, agreement:FIRST/LAST with the days of its notice, listing or auction"
                .into())
        }
    }
}

/// What export control says: `free:DIGEST`, `restricted:DIGEST` or `banned`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ExportControl {
    /// Free to export; the digest is the registration's.
    Free(Digest),
    /// Restricted; the digest is the licence's.
    Restricted(Digest),
    /// Banned.
    Banned,
}

impl FromStr for ExportControl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':').unwrap_or((text, "")) {
            ("free", digest) => Ok(Self::Free(digest.parse()?)),
            ("restricted", digest) => Ok(Self::Restricted(digest.parse()?)),
            ("banned", "") => Ok(Self::Banned),
            _ => Err("write free:DIGEST, restricted:DIGEST or banned".into()),
        }
    }
}

/// A list of the ledger from what was typed.
pub(crate) fn list<T: Clone, L: TryFrom<Vec<T>, Error: Display>>(
    values: &[T],
    what: &str,
) -> Result<L, String> {
    L::try_from(values.to_vec()).map_err(|error| format!("{what}: {error}"))
}

/// A word of the ledger's choices as people read it: `public_institution`, or `{"closed": {…}}` as `closed`.
pub(crate) fn word(value: &impl serde::Serialize) -> String {
    match json!(value) {
        Value::String(word) => word.replace('_', "-"),
        Value::Object(map) => map.keys().next().map(|word| word.replace('_', "-")).unwrap_or_default(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tongda_ledger::act::member::Role;

    #[test]
    fn a_fee_is_written_in_seven_ways() {
        for (text, expected) in [
            ("free", json!("free")),
            ("lump:5000", json!({"lump": {"amount": "500000"}})),
            ("instalments:1000.50x4", json!({"instalments": {"each": "100050", "count": 4}})),
            ("net-sales:3%", json!({"royalty_net_sales": {"rate": "3.00%"}})),
            ("profit:10%", json!({"royalty_profit": {"rate": "10.00%"}})),
            ("per-unit:2.5", json!({"royalty_per_unit": {"amount": "250"}})),
            ("entry:1,000+3%", json!({"entry_and_royalty": {"entry": "100000", "rate": "3.00%"}})),
        ] {
            assert_eq!(json!(fee(text).unwrap()), expected, "{text}");
        }
        for wrong in ["", "free:1", "lump", "lump:-5", "instalments:1000", "profit:10", "entry:5", "gift:1"] {
            assert!(fee(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_patent_is_named_by_id_or_by_number_and_a_mistyped_one_says_what_is_wrong() {
        let id = PatentId::new(1042, 0);
        assert_eq!(id.to_string().parse(), Ok(PatentName::Id(id)));
        let number = "202310123456.6".parse().unwrap();
        assert_eq!("ZL202310123456.6".parse(), Ok(PatentName::Number(number)));
        let error = "202310123456.3".parse::<PatentName>().unwrap_err();
        assert!(error.contains("check"), "{error}");
        let error = "P-1042-0".parse::<PatentName>().unwrap_err();
        assert!(error.contains("P-1042-0"), "{error}");
    }

    #[test]
    fn choices_are_the_ledgers_own_and_an_unknown_one_lists_them() {
        assert_eq!(choice::<Role>("research-institute"), Ok(Role::ResearchInstitute));
        assert_eq!(choice::<Role>("research_institute"), Ok(Role::ResearchInstitute));
        let error = choice::<Role>("emperor").unwrap_err();
        assert!(error.contains("research-institute") && error.contains("university"), "{error}");
    }

    #[test]
    fn shares_digests_and_versions_are_read_or_refused() {
        let party = PartyId::new(7, 2);
        assert_eq!(owner(&format!("{party}=60%")).unwrap().share, Some("60%".parse().unwrap()));
        assert_eq!(transferee(&party.to_string()).unwrap().share, None);
        assert!(fee_share(&party.to_string()).is_err());
        assert_eq!("@contract.pdf".parse(), Ok(Digest::Of("contract.pdf".into())));
        assert!("@".parse::<Digest>().is_err() && "abc".parse::<Digest>().is_err());
        let version: Version = format!("{}@12", PatentId::new(5, 0)).parse().unwrap();
        assert_eq!((version.version, version.patent), (12, PatentName::Id(PatentId::new(5, 0))));
        assert!("banned".parse::<ExportControl>().is_ok() && "free".parse::<ExportControl>().is_err());
        assert!(pricing("agreement:2026-01-01/2026-01-15").is_ok() && pricing("gift").is_err());
    }

    #[test]
    fn an_amount_is_public_or_sealed() {
        let amount: Money = "5000".parse().unwrap();
        assert_eq!("5000".parse(), Ok(Figure::Public(amount)));
        assert_eq!("sealed:5000@due.salt".parse(), Ok(Figure::Seal { amount, salt: "due.salt".into() }));
        let hash = "11".repeat(32);
        assert_eq!(format!("sealed:{hash}").parse(), Ok(Figure::Sealed(hash.parse().unwrap())));
        for wrong in ["", "sealed:", "sealed:5000", "sealed:5000@", "sealed:x@due.salt", "much"] {
            assert!(wrong.parse::<Figure>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_choice_is_shown_by_its_word_alone() {
        assert_eq!(word(&Role::ResearchInstitute), "research-institute");
        assert_eq!(word(&fee("lump:1").unwrap()), "lump");
    }
}
