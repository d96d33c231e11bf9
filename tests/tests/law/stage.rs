//! Set the stage: four node processes, the members who play, and sound acts for a case to send or to spoil.

use std::sync::atomic::{AtomicU32, Ordering};
use tongda_client::{Gathering, Signer};
use tongda_ledger::act::licence::{FeeClass, Grant, LicenceKind, Scope};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::open_licence::{
    Announce, Close, CloseCause, Declare, FeeStandard, Notice, Pay, Withdraw,
};
use tongda_ledger::act::patent::{
    Freeze, FreezeKind, Life, LifeEvent, Owner, Register, Stage as PatentStage, Unfreeze,
};
use tongda_ledger::act::pledge::{Apply, DebtKind};
use tongda_ledger::act::transfer::{self, Propose, Transferee};
use tongda_ledger::codec::{List, Text};
use tongda_ledger::envelope::Core;
use tongda_ledger::hash::Hash;
use tongda_ledger::identifier::{
    Date, DeclarationId, Money, NoticeId, PartyId, PatentId, PatentNumber, RecordalNumber, Term, Timestamp,
    TransferId,
};
use tongda_tests::parties::{self, Made};
use tongda_tests::{Network, Options};

/// What an open licence costs here: 50,000 yuan, once.
pub const FEE: FeeStandard = FeeStandard::Lump { amount: Money::from_fen(5_000_000) };

/// A running network and the members who play.
pub struct Stage {
    pub network: Network,
    /// The day on which everything happens.
    pub today: Date,
    pub registrar: Signer,
    pub court: Signer,
    pub exchange: Signer,
    /// Owns the patents.
    pub owner: Made,
    /// Owns some of them together with the first.
    pub second: Made,
    /// Takes licences and buys.
    pub buyer: Made,
    /// Lends.
    pub bank: Made,
    pub university: Made,
    pub funder: Made,
    /// A German company.
    pub foreigner: Made,
    /// For what the client library does not show: statuses and content types.
    pub http: reqwest::Client,
    made: AtomicU32,
}

pub fn text<const MAX: usize>(text: &str) -> Text<MAX> {
    text.parse().expect("the test's text is sound")
}

pub fn list<T: Clone, const MAX: usize>(values: &[T]) -> List<T, MAX> {
    values.to_vec().try_into().unwrap_or_else(|_| panic!("the test's list is too long"))
}

/// The digest of every made document.
pub fn document() -> Hash {
    parties::digest("document")
}

impl Stage {
    /// Four nodes with their founders, and seven more members enrolled at different exchanges.
    pub async fn set(directory: &std::path::Path) -> Self {
        let options = Options {
            count: 4,
            port: 29_100,
            directory: Some(directory.to_owned()),
            program: env!("CARGO_BIN_EXE_tongda-test-node").into(),
        };
        let network = Network::start(options).await.expect("four nodes start");
        let enrol = |node, number, role, country: &str| {
            let country = country.parse().expect("a country");
            let network = &network;
            async move {
                let made = parties::enrol_from(network, node, number, role, country).await;
                made.unwrap_or_else(|error| panic!("enrolling member {number}: {error}"))
            }
        };
        let (owner, second, buyer, bank, university, funder, foreigner) = tokio::join!(
            enrol(0, 1, Role::Enterprise, "CN"),
            enrol(1, 2, Role::Enterprise, "CN"),
            enrol(2, 3, Role::Enterprise, "CN"),
            enrol(3, 4, Role::Bank, "CN"),
            enrol(0, 5, Role::University, "CN"),
            enrol(1, 6, Role::Funder, "CN"),
            enrol(2, 7, Role::Enterprise, "DE"),
        );
        Self {
            today: parties::now().date(),
            registrar: parties::founder(&network, Role::Registrar),
            court: parties::founder(&network, Role::Court),
            exchange: parties::founder(&network, Role::Exchange),
            owner,
            second,
            buyer,
            bank,
            university,
            funder,
            foreigner,
            http: reqwest::Client::builder().no_proxy().build().expect("a plain client"),
            made: AtomicU32::new(0),
            network,
        }
    }

    /// A number that nothing else on this stage has.
    pub fn fresh(&self) -> u32 {
        self.made.fetch_add(1, Ordering::Relaxed)
    }

    /// From today for so many months.
    pub fn months(&self, months: u32) -> Term {
        Term::new(self.today, self.today.add_months(months)).expect("a term ends after it begins")
    }

    fn day(&self, years_ago: i32, month: u8) -> Date {
        Date::new(self.today.year() - years_ago, month, 15).expect("a day")
    }

    /// The number of a made patent filed six years ago: kind 1 is an invention, 2 a utility model.
    pub fn number(&self, kind: u8) -> PatentNumber {
        let digits = format!("{}{kind}{:07}", self.today.year() - 6, 9_000_000 + self.fresh());
        let numbers = "0123456789X".chars().map(|check| format!("{digits}.{check}").parse());
        numbers.flatten().next().expect("one check digit fits")
    }

    /// An invention of these owners, filed six years ago and granted four years ago.
    pub fn invention(&self, owners: &[PartyId]) -> Register {
        Register {
            number: self.number(1),
            publication: None,
            title: text("一种演示装置"),
            filing: Some(self.day(6, 1)),
            stage: PatentStage::Granted { on: Some(self.day(4, 3)) },
            owners: list(
                &owners.iter().map(|party| Owner { party: *party, share: None }).collect::<Vec<_>>(),
            ),
            undisclosed_owners: 0,
            classification: None,
            industry: None,
            same_day: None,
            funded: false,
            source: document(),
        }
    }

    /// A utility model of the owner, filed six years ago.
    pub fn utility_model(&self) -> Register {
        Register { number: self.number(2), ..self.invention(&[self.owner.party]) }
    }

    /// A declaration over [`FEE`] for two years from today.
    pub fn declare(&self, patent: PatentId) -> Declare {
        Declare {
            patent,
            fee: FEE,
            term: self.months(24),
            contact: text("演示联系人，演示地址"),
            account: None,
            calculation: text("演示：参照同类技术的许可费。"),
            industries: List::new(),
            application: None,
            know_how: false,
            undertaking: true,
        }
    }

    pub fn announce(&self, declaration: DeclarationId) -> Announce {
        Announce { declaration, gazette: text("演示-公告"), on: self.today }
    }

    pub fn withdraw(&self, declaration: DeclarationId) -> Withdraw {
        Withdraw { declaration, reason: text("拟自行实施"), condition: None }
    }

    /// The announcement that the owners have withdrawn.
    pub fn close(&self, declaration: DeclarationId) -> Close {
        Close { declaration, cause: CloseCause::Withdrawn, gazette: text("演示-公告"), on: self.today }
    }

    /// A notice over what [`Self::declare`] declares, for a year.
    pub fn notice(&self, declaration: DeclarationId) -> Notice {
        Notice { declaration, fee: FEE, term: self.months(12), plan: text("自用"), export: None }
    }

    /// A payment of [`FEE`] that the exchange confirms, with a receipt of its own.
    pub fn pay(&self, notice: NoticeId) -> Pay {
        Pay {
            notice,
            amount: FEE.due_on_taking(),
            currency: text("CNY"),
            receipt: parties::digest(&format!("receipt {}", self.fresh())),
            on: self.today,
            confirmed_by: self.exchange.member(),
        }
    }

    /// A licence contract of the owner with the buyer for a year, free of charge.
    pub fn grant(&self, patent: PatentId, kind: LicenceKind) -> Grant {
        Grant {
            patents: list(&[patent]),
            licensors: list(&[self.owner.party]),
            licensee: self.buyer.id,
            kind,
            scope: Scope::default(),
            term: self.months(12),
            sublicence: false,
            under: None,
            fee: FeeClass::Free,
            shares: List::new(),
            proceeds: None,
            beside: List::new(),
            export: None,
            funder: None,
            contract: document(),
        }
    }

    pub fn propose(&self, patent: PatentId, from: &[PartyId], to: PartyId) -> Propose {
        Propose {
            patents: list(&[patent]),
            from: list(from),
            to: list(&[Transferee { party: to, share: None }]),
            pricing: None,
            export: None,
            funder: None,
            proceeds: None,
            contract: document(),
        }
    }

    /// The sale of a patent by the owner to the buyer.
    pub fn sale(&self, patent: PatentId) -> Propose {
        self.propose(patent, &[self.owner.party], self.buyer.party)
    }

    pub fn transfer_registration(&self, transfer: TransferId) -> transfer::Register {
        transfer::Register { transfer, gazette: text("演示-公告"), on: self.today }
    }

    /// A pledge to the bank for a loan of two years.
    pub fn pledge(&self, patent: PatentId) -> Apply {
        Apply {
            patents: list(&[patent]),
            pledgors: list(&[self.owner.party]),
            pledgee: self.bank.id,
            debt: DebtKind::Loan,
            contract: document(),
            debt_term: Some(self.months(24)),
            scope: Some(text("本金、利息、违约金、实现质权的费用")),
            maximum: None,
            forfeiture: false,
            insist_same_day: false,
            insist_invalidation: false,
            open_continues: false,
        }
    }

    /// A fresh number of a recordal: `X` of a licence, `Y` of a pledge.
    pub fn recordal_number(&self, letter: char) -> RecordalNumber {
        format!("{letter}{}98{:07}", self.today.year(), self.fresh()).parse().expect("a recordal's number")
    }

    pub fn life(&self, patent: PatentId, event: LifeEvent) -> Life {
        Life { patent, event, effective: self.today, document: Some(document()) }
    }

    /// A preservation or suspension for two months from today.
    pub fn freeze(&self, patent: PatentId, kind: FreezeKind) -> Freeze {
        let case = text("（演示）京73民初1号");
        Freeze { patent, kind, from: self.today, until: self.today.add_months(2), case }
    }

    pub fn unfreeze(&self, patent: PatentId, kind: FreezeKind) -> Unfreeze {
        Unfreeze { patent, kind, reason: text("撤回申请") }
    }

    /// Restarts every node as of the next morning and registers there, at different nodes, what had to wait for it.
    pub async fn next_day(mut self, waiting: Vec<transfer::Register>) {
        assert!(!waiting.is_empty(), "something waits for the next day");
        let morning = Timestamp::start_of(self.today.next()).plus_milliseconds(1_000);
        let ahead = morning.milliseconds().saturating_sub(parties::now().milliseconds());
        let count = self.network.nodes.len();
        for place in 0..count {
            self.network.stop_node(place).await;
        }
        for place in 0..count {
            let clock = [("TONGDA_CLOCK_OFFSET_MS", &*ahead.to_string())];
            self.network.run(place, &clock).expect("the node starts");
        }
        for place in 0..count {
            self.network.wait_until_ready(place).await.expect("the node is ready");
        }
        let network = self.network.nodes[0].node.network().await.expect("the node answers").network;
        for (place, act) in (0..).zip(waiting) {
            // The window holds this machine's time and the nodes': a day apart at most.
            let (now, day) = (parties::now(), 24 * 3_600_000);
            let mut nonce = [0; 16];
            nonce[..4].copy_from_slice(&self.fresh().to_le_bytes());
            let core = Core {
                network,
                author: self.registrar.member(),
                valid_from: now,
                valid_until: now.plus_milliseconds(day),
                nonce,
                gather_until: None,
                expects: List::new(),
                act: act.into(),
            };
            let mut gathering = Gathering::new(core).expect("the act fits a record");
            gathering.sign(&self.registrar);
            let envelope = gathering.envelope().expect("it is signed");
            let sent = self.network.nodes[place % count].node.settle(&envelope).await;
            sent.unwrap_or_else(|error| panic!("on the next day: {error}"));
        }
        self.network.stop().await;
    }

    /// The day on which an annuity fell due that is overdue for more than its grace.
    pub fn long_overdue(&self) -> Date {
        self.today.add_days(-300)
    }
}
