//! Tell whether two licences stand in each other's way: the same territory, field, acts and time, and one of them leaves
//! no room for the other (SPC-TC 25).
//!
//! | | ordinary | sole | exclusive |
//! |---|---|---|---|
//! | **ordinary** | – | conflict | conflict |
//! | **sole** | conflict | conflict | conflict |
//! | **exclusive** | conflict | conflict | conflict |
//!
//! each where territory, field, acts and time overlap in all four. An empty list means everything; a province overlaps
//! with what lies in it, an industry with its branches.

use crate::act::licence::{LicenceKind, Scope};
use crate::identifier::{IndustryCode, RegionCode, Term};
use crate::state::Licence;

/// What of a licence decides whether it conflicts with another.
#[derive(Clone, Debug)]
pub(super) struct Extent<'a> {
    /// Ordinary, sole or exclusive.
    pub(super) kind: LicenceKind,
    /// Where, for what, how.
    pub(super) scope: &'a Scope,
    /// From when to when.
    pub(super) term: Term,
}

impl<'a> From<&'a Licence> for Extent<'a> {
    fn from(licence: &'a Licence) -> Self {
        Self { kind: licence.kind, scope: &licence.scope, term: licence.term }
    }
}

impl Extent<'_> {
    /// Whether the two cannot stand beside each other.
    pub(super) fn conflicts(&self, other: &Extent<'_>) -> bool {
        let ordinary = self.kind == LicenceKind::Ordinary && other.kind == LicenceKind::Ordinary;
        !ordinary && self.term.overlaps(other.term) && overlap(self.scope, other.scope)
    }

    /// Whether everything this one allows, the other allows too, whatever their kinds.
    pub(super) fn within(&self, other: &Extent<'_>) -> bool {
        self.term.within(other.term) && within(self.scope, other.scope)
    }
}

/// Whether some use falls under both scopes.
fn overlap(a: &Scope, b: &Scope) -> bool {
    lists_overlap(&a.territory, &b.territory, |a, b| RegionCode::contains(*a, *b))
        && lists_overlap(&a.fields, &b.fields, |a, b| IndustryCode::contains(*a, *b))
        && lists_overlap(&a.acts, &b.acts, PartialEq::eq)
}

/// Whether every use under `inner` falls under `outer`.
fn within(inner: &Scope, outer: &Scope) -> bool {
    list_within(&inner.territory, &outer.territory, |a, b| RegionCode::contains(*a, *b))
        && list_within(&inner.fields, &outer.fields, |a, b| IndustryCode::contains(*a, *b))
        && list_within(&inner.acts, &outer.acts, PartialEq::eq)
}

fn lists_overlap<T>(a: &[T], b: &[T], contains: impl Fn(&T, &T) -> bool) -> bool {
    let meet = |x: &T| b.iter().any(|y| contains(x, y) || contains(y, x));
    a.is_empty() || b.is_empty() || a.iter().any(meet)
}

fn list_within<T>(inner: &[T], outer: &[T], contains: impl Fn(&T, &T) -> bool) -> bool {
    let covered = |x: &T| outer.iter().any(|whole| contains(whole, x));
    outer.is_empty() || (!inner.is_empty() && inner.iter().all(covered))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::act::licence::UseAct;
    use crate::identifier::Date;
    use proptest::prelude::*;
    use proptest::sample::subsequence;

    const KINDS: [LicenceKind; 3] = [LicenceKind::Ordinary, LicenceKind::Sole, LicenceKind::Exclusive];

    fn parsed<T: std::str::FromStr<Err: std::fmt::Debug>>(texts: &[&str]) -> Vec<T> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    fn scope(territory: &[&str], fields: &[&str], acts: &[UseAct]) -> Scope {
        Scope {
            territory: parsed(territory).try_into().unwrap(),
            fields: parsed(fields).try_into().unwrap(),
            acts: acts.to_vec().try_into().unwrap(),
        }
    }

    fn scopes() -> impl Strategy<Value = Scope> {
        let regions = parsed::<RegionCode>(&["440000", "440300", "440305", "110000", "330100"]);
        let fields = parsed::<IndustryCode>(&["C", "C39", "C391", "C3911", "I65"]);
        let acts = vec![UseAct::Make, UseAct::Use, UseAct::Sell];
        (subsequence(regions, 0..=3), subsequence(fields, 0..=3), subsequence(acts, 0..=3)).prop_map(
            |(territory, fields, acts)| Scope {
                territory: territory.try_into().unwrap(),
                fields: fields.try_into().unwrap(),
                acts: acts.try_into().unwrap(),
            },
        )
    }

    fn terms() -> impl Strategy<Value = Term> {
        (0..400_i32, 0..400_i32).prop_map(|(from, days)| {
            let first = "2026-01-01".parse::<Date>().unwrap().add_days(from);
            Term::new(first, first.add_days(days)).unwrap()
        })
    }

    fn extents() -> impl Strategy<Value = (LicenceKind, Scope, Term)> {
        (proptest::sample::select(KINDS.to_vec()), scopes(), terms())
    }

    fn of((kind, scope, term): &(LicenceKind, Scope, Term)) -> Extent<'_> {
        Extent { kind: *kind, scope, term: *term }
    }

    #[test]
    fn a_province_overlaps_with_its_parts_and_an_industry_with_its_branches() {
        let all = scope(&[], &[], &[]);
        let guangdong = scope(&["440000"], &[], &[]);
        let nanshan = scope(&["440305"], &["C3911"], &[UseAct::Make]);
        let beijing = scope(&["110000"], &["C39"], &[]);
        assert!(overlap(&all, &beijing) && overlap(&guangdong, &nanshan) && overlap(&nanshan, &guangdong));
        assert!(!overlap(&guangdong, &beijing));
        assert!(overlap(&scope(&[], &["C39"], &[]), &nanshan));
        assert!(!overlap(&scope(&[], &["I65"], &[]), &nanshan));
        assert!(!overlap(&scope(&[], &[], &[UseAct::Sell]), &nanshan));
        assert!(within(&nanshan, &guangdong) && within(&nanshan, &all));
        assert!(!within(&guangdong, &nanshan) && !within(&all, &guangdong));
    }

    proptest! {
        #[test]
        fn conflict_is_mutual(a in extents(), b in extents()) {
            prop_assert_eq!(of(&a).conflicts(&of(&b)), of(&b).conflicts(&of(&a)));
        }

        #[test]
        fn ordinary_licences_never_conflict_and_others_conflict_with_their_like(a in extents(), b in extents()) {
            let ordinary = |(_, scope, term): &(LicenceKind, Scope, Term)| (LicenceKind::Ordinary, scope.clone(), *term);
            prop_assert!(!of(&ordinary(&a)).conflicts(&of(&ordinary(&b))));
            prop_assert_eq!(of(&a).conflicts(&of(&a)), a.0 != LicenceKind::Ordinary);
        }

        #[test]
        fn a_wider_licence_conflicts_with_all_that_a_narrower_one_does(a in extents(), b in extents(), c in extents()) {
            let wider = (a.0, Scope::default(), a.2);
            prop_assert!(of(&a).within(&of(&wider)));
            prop_assert!(!of(&a).conflicts(&of(&c)) || of(&wider).conflicts(&of(&c)));
            let same_kind = (a.0, b.1.clone(), b.2);
            if of(&a).within(&of(&same_kind)) {
                prop_assert!(!of(&a).conflicts(&of(&c)) || of(&same_kind).conflicts(&of(&c)));
            }
        }

        #[test]
        fn within_is_an_order_and_what_lies_within_overlaps(a in extents(), b in extents(), c in extents()) {
            prop_assert!(of(&a).within(&of(&a)));
            prop_assert!(!of(&a).within(&of(&b)) || overlap(&a.1, &b.1));
            if of(&a).within(&of(&b)) && of(&b).within(&of(&c)) {
                prop_assert!(of(&a).within(&of(&c)));
            }
        }

        #[test]
        fn licences_that_do_not_meet_in_time_do_not_conflict(a in extents(), b in extents()) {
            let later = Term::new(a.2.last().next(), a.2.last().next().add_days(10)).unwrap();
            prop_assert!(!of(&a).conflicts(&of(&(b.0, b.1.clone(), later))));
        }
    }
}
