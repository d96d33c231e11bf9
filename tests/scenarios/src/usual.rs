//! The usual form of every act, so that a scenario says only what matters to it.

use serde::Deserialize;
use std::collections::BTreeMap;
use tongda_ledger::identifier::ObjectKind;

/// The usual form of an act.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Usual {
    /// The kind of object that the act makes: `licence`; without it, `as` names the record.
    #[serde(default)]
    makes: Option<String>,
    /// The act's own words: which field each fills. `[]` behind a field makes a list, ` party` takes a member's party; one
    /// that fills none names a list that the act shows by its root.
    #[serde(default)]
    pub(crate) words: BTreeMap<String, String>,
    /// The act's fields. Texts that begin with `$` stand for what the statement says: see [`crate::compose`].
    #[serde(default)]
    pub(crate) form: serde_json::Map<String, serde_json::Value>,
}

impl Usual {
    /// The kind of object that the act makes.
    pub(crate) fn makes(&self) -> Option<ObjectKind> {
        let name = self.makes.as_deref()?;
        ObjectKind::ALL.into_iter().find(|kind| kind.to_string() == name)
    }
}

/// The files of usual forms, one a family.
const FILES: &[&str] = &[
    include_str!("../usual/member.toml"),
    include_str!("../usual/patent.toml"),
    include_str!("../usual/open_licence.toml"),
    include_str!("../usual/licence.toml"),
    include_str!("../usual/transfer.toml"),
    include_str!("../usual/pledge.toml"),
    include_str!("../usual/consent.toml"),
    include_str!("../usual/finance.toml"),
    include_str!("../usual/dispute.toml"),
    include_str!("../usual/credit.toml"),
    include_str!("../usual/implementation.toml"),
    include_str!("../usual/stock.toml"),
    include_str!("../usual/matching.toml"),
    include_str!("../usual/pool.toml"),
    include_str!("../usual/open_source.toml"),
    include_str!("../usual/product.toml"),
    include_str!("../usual/funding.toml"),
    include_str!("../usual/governance.toml"),
    include_str!("../usual/statistics.toml"),
];

/// Every usual form, by the act's name.
pub(crate) fn all() -> &'static BTreeMap<String, Usual> {
    static ALL: std::sync::LazyLock<BTreeMap<String, Usual>> = std::sync::LazyLock::new(|| {
        let files = FILES.iter().map(|text| {
            toml::from_str::<BTreeMap<String, Usual>>(text).expect("the usual forms are TOML of their shape")
        });
        files.flatten().collect()
    });
    &ALL
}

#[cfg(test)]
mod tests {
    use tongda_ledger::act::Act;

    #[test]
    fn every_act_has_a_usual_form_and_makes_what_exists() {
        for (_, name) in Act::ALL {
            let usual = super::all().get(*name).unwrap_or_else(|| panic!("{name} has no usual form"));
            assert_eq!(usual.makes.is_some(), usual.makes().is_some(), "{name} makes {:?}", usual.makes);
        }
        for name in super::all().keys() {
            assert!(Act::ALL.iter().any(|(_, act)| act == name), "{name} is no act");
        }
    }
}
