//! What the exchanges have decided together: caps, deadlines, cadences, the rule set.

use super::key::{Unit, stored};
use crate::act::governance::Setting;
use crate::codec::{self, Decode, Encode, List, Text};
use crate::hash::Hash;
use crate::identifier::{Money, Rate};
use serde::{Deserialize, Serialize};

/// A code table that the network uses, by digest: the tables themselves are too large for a record.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Table {
    /// The table's name, like `gbt4754`.
    pub name: Text<60>,
    /// Its version.
    pub version: Text<60>,
    /// SHA-256 of its bytes.
    pub digest: Hash,
}

/// The network's parameters. They change by the exchanges' vote, at a height.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, Serialize, Deserialize)]
pub struct Parameters {
    /// The rule set in force. Rules of earlier sets are never deleted: replay needs them.
    pub rule_set: u16,
    /// Longest window of an envelope, in milliseconds; at most 24 hours.
    pub window: u64,
    /// Longest time an act may stay pending, in milliseconds.
    pub gather: u64,
    /// Items of the queue that take effect in one block at most.
    pub due_per_block: u16,
    /// Records in a block at most.
    pub records_per_block: u32,
    /// Bytes of records in a block at most.
    pub bytes_per_block: u32,
    /// Milliseconds of seal time between checkpoints.
    pub checkpoint_every: u64,
    /// Fixed fees above this are not for open licences (Guidelines V.11 §3.3: 20,000,000 yuan).
    pub open_lump_cap: Money,
    /// Royalties on net sales above this are not (20 %).
    pub open_sales_cap: Rate,
    /// Royalties on profit above this are not (40 %).
    pub open_profit_cap: Rate,
    /// The shortest term of an open licence in days; 0 for none (the law names none).
    pub open_shortest_term: u32,
    /// Characters in the statement of how a fee was calculated, at most (Guidelines V.11 §3.3: 2,000).
    pub open_calculation: u16,
    /// Days within which a licence is recorded from its effect (Rule 15¶2: three months).
    pub recordal_days: u16,
    /// Days a public institution's notice of name and price stands at least (国发〔2016〕16号: 15).
    pub publicity_days: u16,
    /// Months a preservation lasts at most (Rule 104: 6).
    pub preservation_months: u8,
    /// Months a suspension lasts at most (Rule 103: 12).
    pub suspension_months: u8,
    /// Months of grace for an annuity (Rule 115: 6).
    pub grace_months: u8,
    /// Months before its end within which a licence's term may still be changed (许可备案办法 art. 16: 2).
    pub licence_change_months: u8,
    /// Days after its end within which a licence's recordal is cancelled (许可备案办法 art. 18: 30).
    pub licence_cancel_days: u16,
    /// Days within which a change of a pledge's debt or scope is registered (质押登记办法: 30).
    pub pledge_change_days: u16,
    /// Months after which a valuation no longer counts.
    pub valuation_months: u8,
    /// Years from its grant after which a patent that is not worked can be licensed compulsorily (PL 53: 3).
    pub compulsory_grant_years: u8,
    /// Years from its filing after which it can (PL 53: 4).
    pub compulsory_filing_years: u8,
    /// Years from its grant after which a funded patent that is not implemented is overdue (plan §6: 5).
    pub funding_years: u8,
    /// The least share of net income that goes to the inventors unless a policy says otherwise (成果转化法 45: 50 %).
    pub inventor_share: Rate,
    /// Days within which a member appeals against a credit event, before it is final.
    pub credit_appeal_days: u16,
    /// Days that a proposal stays open for votes, at most.
    pub proposal_days: u16,
    /// Contributors below which a statistic's cell is suppressed.
    pub statistic_cell: u8,
    /// Signature algorithms that count, by id.
    pub algorithms: List<u8, 16>,
    /// The code tables.
    pub tables: List<Table, 32>,
}
stored!(Parameters, 1, Unit);

impl Default for Parameters {
    /// The law's own figures where it has them, and the design's elsewhere.
    fn default() -> Self {
        Self {
            rule_set: 1,
            window: crate::envelope::LONGEST_WINDOW,
            gather: 60 * 24 * 3_600_000,
            due_per_block: 256,
            records_per_block: 4096,
            bytes_per_block: 2 << 20,
            checkpoint_every: 1000,
            open_lump_cap: Money::from_fen(2_000_000_000),
            open_sales_cap: Rate::try_from(2000).expect("20 % is a rate"),
            open_profit_cap: Rate::try_from(4000).expect("40 % is a rate"),
            open_shortest_term: 0,
            open_calculation: 2000,
            recordal_days: 92,
            publicity_days: 15,
            preservation_months: 6,
            suspension_months: 12,
            grace_months: 6,
            licence_change_months: 2,
            licence_cancel_days: 30,
            pledge_change_days: 30,
            valuation_months: 12,
            compulsory_grant_years: 3,
            compulsory_filing_years: 4,
            funding_years: 5,
            inventor_share: Rate::try_from(5000).expect("50 % is a rate"),
            credit_appeal_days: 15,
            proposal_days: 30,
            statistic_cell: 3,
            algorithms: vec![crate::key::Algorithm::ED25519.0].try_into().expect("one algorithm"),
            tables: List::new(),
        }
    }
}

impl Parameters {
    /// Checks that every parameter lies within its bounds: at the founding, and whenever one changes.
    ///
    /// # Errors
    /// Says which bound is broken.
    pub fn check(&self) -> Result<(), &'static str> {
        if self.window == 0 || self.window > crate::envelope::LONGEST_WINDOW {
            return Err("the window is 1 ms to 24 h");
        }
        if self.due_per_block == 0 || self.records_per_block == 0 || self.records_per_block > 65_536 {
            return Err("a block takes 1 to 65,536 records and at least one due item");
        }
        if (self.bytes_per_block as usize) < codec::RECORD_LIMIT || self.bytes_per_block > 8 << 20 {
            return Err("a block takes 64 KiB to 8 MiB");
        }
        if self.rule_set != 1 {
            return Err("this program knows rule set 1");
        }
        if self.proposal_days == 0 {
            return Err("a proposal stays open for a day at least");
        }
        if *self.algorithms != [crate::key::Algorithm::ED25519.0] {
            return Err("this program knows the signature algorithm 1, Ed25519, alone");
        }
        Ok(())
    }

    /// Gives parameters new values. Whether these lie within their bounds is for [`Self::check`].
    ///
    /// # Errors
    /// When there are more code tables than fit.
    pub fn set(&mut self, settings: &[Setting]) -> Result<(), &'static str> {
        for setting in settings {
            match setting {
                Setting::RuleSet { value } => self.rule_set = *value,
                Setting::Window { value } => self.window = *value,
                Setting::Gather { value } => self.gather = *value,
                Setting::DuePerBlock { value } => self.due_per_block = *value,
                Setting::RecordsPerBlock { value } => self.records_per_block = *value,
                Setting::BytesPerBlock { value } => self.bytes_per_block = *value,
                Setting::CheckpointEvery { value } => self.checkpoint_every = *value,
                Setting::OpenLumpCap { value } => self.open_lump_cap = *value,
                Setting::OpenSalesCap { value } => self.open_sales_cap = *value,
                Setting::OpenProfitCap { value } => self.open_profit_cap = *value,
                Setting::OpenShortestTerm { value } => self.open_shortest_term = *value,
                Setting::OpenCalculation { value } => self.open_calculation = *value,
                Setting::RecordalDays { value } => self.recordal_days = *value,
                Setting::PublicityDays { value } => self.publicity_days = *value,
                Setting::PreservationMonths { value } => self.preservation_months = *value,
                Setting::SuspensionMonths { value } => self.suspension_months = *value,
                Setting::GraceMonths { value } => self.grace_months = *value,
                Setting::LicenceChangeMonths { value } => self.licence_change_months = *value,
                Setting::LicenceCancelDays { value } => self.licence_cancel_days = *value,
                Setting::PledgeChangeDays { value } => self.pledge_change_days = *value,
                Setting::ValuationMonths { value } => self.valuation_months = *value,
                Setting::CompulsoryGrantYears { value } => self.compulsory_grant_years = *value,
                Setting::CompulsoryFilingYears { value } => self.compulsory_filing_years = *value,
                Setting::FundingYears { value } => self.funding_years = *value,
                Setting::InventorShare { value } => self.inventor_share = *value,
                Setting::CreditAppealDays { value } => self.credit_appeal_days = *value,
                Setting::ProposalDays { value } => self.proposal_days = *value,
                Setting::StatisticCell { value } => self.statistic_cell = *value,
                Setting::Algorithms { value } => self.algorithms = value.clone(),
                Setting::CodeTable { name, version, digest } => {
                    let table = Table { name: name.clone(), version: version.clone(), digest: *digest };
                    self.tables.retain(|known| known.name != *name);
                    self.tables.push(table).map_err(|_| "a network has at most 32 code tables")?;
                }
            }
        }
        Ok(())
    }
}

impl Setting {
    /// The name of what it sets.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::RuleSet { .. } => "rule_set",
            Self::Window { .. } => "window",
            Self::Gather { .. } => "gather",
            Self::DuePerBlock { .. } => "due_per_block",
            Self::RecordsPerBlock { .. } => "records_per_block",
            Self::BytesPerBlock { .. } => "bytes_per_block",
            Self::CheckpointEvery { .. } => "checkpoint_every",
            Self::OpenLumpCap { .. } => "open_lump_cap",
            Self::OpenSalesCap { .. } => "open_sales_cap",
            Self::OpenProfitCap { .. } => "open_profit_cap",
            Self::OpenShortestTerm { .. } => "open_shortest_term",
            Self::OpenCalculation { .. } => "open_calculation",
            Self::RecordalDays { .. } => "recordal_days",
            Self::PublicityDays { .. } => "publicity_days",
            Self::PreservationMonths { .. } => "preservation_months",
            Self::SuspensionMonths { .. } => "suspension_months",
            Self::GraceMonths { .. } => "grace_months",
            Self::LicenceChangeMonths { .. } => "licence_change_months",
            Self::LicenceCancelDays { .. } => "licence_cancel_days",
            Self::PledgeChangeDays { .. } => "pledge_change_days",
            Self::ValuationMonths { .. } => "valuation_months",
            Self::CompulsoryGrantYears { .. } => "compulsory_grant_years",
            Self::CompulsoryFilingYears { .. } => "compulsory_filing_years",
            Self::FundingYears { .. } => "funding_years",
            Self::InventorShare { .. } => "inventor_share",
            Self::CreditAppealDays { .. } => "credit_appeal_days",
            Self::ProposalDays { .. } => "proposal_days",
            Self::StatisticCell { .. } => "statistic_cell",
            Self::Algorithms { .. } => "algorithms",
            Self::CodeTable { name, .. } => name.as_str(),
        }
    }
}
