//! Acts of credit supervision (信用监管): an entry, the appeal against it, the decision, the repair (Rules 88, 100).

use crate::codec::{Decode, Encode, tagged};
use crate::hash::Hash;
use crate::identifier::{CaseId, CreditEventId, Date, DeclarationId, MemberId};
use serde::{Deserialize, Serialize};

tagged! {
    /// What a member has done.
    #[derive(Copy)]
    pub enum CreditGround {
        /// It declared an open licence falsely, and the declaration was revoked (虚假声明, Rules 88, 100).
        1 => FalseDeclaration {
            /// The declaration.
            declaration: DeclarationId,
        },
        /// It filed abnormally (非正常申请).
        2 => AbnormalFiling,
        /// It did not do what was settled or decided (拒不履行).
        3 => RefusalToPerform {
            /// The case.
            case: CaseId,
        },
        /// It acted dishonestly as an agency (代理失信).
        4 => DishonestAgency,
        /// It submitted other false material (虚假材料).
        5 => FalseMaterial,
        /// Something else that the rules on credit name.
        6 => OtherBreach,
    }
}

tagged! {
    /// How grave it is (失信等级).
    #[derive(Copy)]
    pub enum CreditLevel {
        /// Minor (轻微).
        1 => Minor,
        /// Ordinary (一般).
        2 => Ordinary,
        /// Serious (严重).
        3 => Serious,
    }
}

/// Enters a credit event of a member. By a regulator. It is final only when the time for an appeal is over, or the appeal
/// was dismissed.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Enter {
    /// Whose.
    pub member: MemberId,
    /// What it did.
    pub ground: CreditGround,
    /// How grave.
    pub level: CreditLevel,
    /// Salted digest of the evidence.
    pub evidence: Hash,
    /// The last day on which it counts.
    pub until: Date,
}

/// Appeals against an entry (异议). Signed by the member concerned, within the days for it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Appeal {
    /// The entry.
    pub event: CreditEventId,
    /// Salted digest of the grounds.
    pub grounds: Hash,
}

/// Decides on an entry. An appeal is dismissed with the signature of a regulator or exchange that is not the one who
/// entered it; who entered it may cancel it alone.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Decide {
    /// The entry.
    pub event: CreditEventId,
    /// Whether it stands; otherwise it is cancelled.
    pub upheld: bool,
    /// Salted digest of the decision.
    pub decision: Hash,
    /// The day.
    pub on: Date,
}

/// Repairs a final entry (信用修复). Signed by the member concerned and a regulator.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Repair {
    /// The entry.
    pub event: CreditEventId,
    /// Salted digest of the evidence that what was wrong is made good.
    pub evidence: Hash,
    /// The day.
    pub on: Date,
}
