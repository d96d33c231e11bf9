//! Portfolios: patents that their holder puts together.

use super::key::stored;
use crate::codec::{Decode, Encode, List, Text};
use crate::identifier::{Date, IndustryCode, MemberId, PatentId, RecordId};
use serde::{Deserialize, Serialize};

/// A portfolio.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Portfolio {
    /// Its name.
    pub name: Text<300>,
    /// Who holds it.
    pub holder: MemberId,
    /// The industries it is for.
    pub field: List<IndustryCode, 8>,
    /// The patents.
    pub patents: List<PatentId, 128>,
    /// The day it was formed.
    pub formed: Date,
    /// The record that ended it.
    pub ended: Option<RecordId>,
}
stored!(Portfolio, 79, RecordId);
