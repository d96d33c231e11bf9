//! Sign as a member, with as many of its keys as its policy asks for.

use tongda_ledger::envelope::{APPLICANT, Core, Signed};
use tongda_ledger::identifier::MemberId;
use tongda_ledger::key::SigningKey;

/// A member with keys that sign for it.
#[derive(Clone, Debug)]
pub struct Signer {
    member: MemberId,
    keys: Vec<SigningKey>,
}

impl Signer {
    /// The member that signs with these keys: m of its n, as its policy asks.
    #[must_use]
    pub const fn new(member: MemberId, keys: Vec<SigningKey>) -> Self {
        Self { member, keys }
    }

    /// New keys that an enrolment or a change of keys names: they prove by signing that somebody holds them.
    #[must_use]
    pub const fn applicant(keys: Vec<SigningKey>) -> Self {
        Self::new(APPLICANT, keys)
    }

    /// Who signs.
    #[must_use]
    pub const fn member(&self) -> MemberId {
        self.member
    }

    /// A signature of every key.
    ///
    /// # Panics
    /// When the core is beyond the record limit: ask [`Core::bytes`] first.
    pub fn sign<'a>(&'a self, core: &'a Core) -> impl Iterator<Item = Signed> + 'a {
        self.keys.iter().map(|key| core.sign(self.member, key))
    }
}
