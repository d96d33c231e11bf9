//! Take open licences: one act, one signature, over and over.

use crate::NODES;
use crate::load::Signing;
use futures::StreamExt as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use tongda_ledger::act::member::Role;
use tongda_ledger::act::open_licence::{Announce, Declare, FeeStandard, Notice};
use tongda_ledger::act::patent::Evaluation;
use tongda_ledger::codec::List;
use tongda_ledger::envelope::Envelope;
use tongda_ledger::identifier::{DeclarationId, Money, PatentKind, Term};
use tongda_tests::Network;
use tongda_tests::parties::{Made, digest, enrol, founder, now, real_patents, register, send};

const LICENSEES: u32 = 16;
const PATENTS: usize = 64;

/// Open licences over real patents, and members who take them.
pub(crate) struct Market {
    declarations: Vec<(DeclarationId, FeeStandard, Term)>,
    licensees: Vec<Made>,
    signing: Signing,
    made: AtomicUsize,
}

impl Market {
    pub(crate) async fn prepare(network: &Network) -> Self {
        let today = now().date();
        let registrar = founder(network, Role::Registrar);
        let owner = enrol(network, 0, 1, Role::University).await.expect("an owner is enrolled");
        let licensees: Vec<_> = futures::stream::iter(0..LICENSEES)
            .map(|number| enrol(network, number as usize % NODES, 100 + number, Role::Enterprise))
            .buffered(8)
            .map(|made| made.expect("a licensee is enrolled"))
            .collect()
            .await;
        let fee = FeeStandard::Lump { amount: Money::from_fen(5_000_000) };
        let term = Term::new(today, today.add_months(11)).expect("a term");
        let patents = real_patents(today);
        assert!(patents.len() >= PATENTS, "the sample has {} living patents", patents.len());
        let declarations = futures::stream::iter(patents.iter().take(PATENTS).enumerate())
            .map(|(place, patent)| {
                let (registrar, owner, fee) = (&registrar, &owner, fee.clone());
                async move {
                    let node = place % NODES;
                    let id = register(network, node, patent, &[owner.party])
                        .await
                        .expect("a patent is registered");
                    if patent.kind() != PatentKind::Invention {
                        let number = "演示".parse().expect("a text");
                        let report =
                            Evaluation { patent: id, positive: true, number, digest: digest("report") };
                        send(network, node, &[registrar], report).await.expect("a report is entered");
                    }
                    let declare = Declare {
                        patent: id,
                        fee: fee.clone(),
                        term,
                        contact: "演示联系人".parse().expect("a text"),
                        account: None,
                        calculation: "演示：参照同类技术".parse().expect("a text"),
                        industries: List::new(),
                        application: None,
                        know_how: false,
                        undertaking: true,
                    };
                    let declared =
                        send(network, node, &[&owner.signer], declare).await.expect("a declaration");
                    let declaration = DeclarationId::new(declared.index, 0);
                    let gazette = "演示".parse().expect("a text");
                    let announce = Announce { declaration, gazette, on: today };
                    send(network, node, &[registrar], announce).await.expect("an announcement");
                    (declaration, fee, term)
                }
            })
            .buffer_unordered(16)
            .collect()
            .await;
        Self { declarations, licensees, signing: Signing::new(network), made: AtomicUsize::new(0) }
    }

    /// Signed notices under the open licences, made on all cores.
    pub(crate) fn notices(&self, count: usize) -> Vec<Envelope> {
        use rayon::prelude::*;
        let first = self.made.fetch_add(count, Ordering::Relaxed);
        (first..first + count)
            .into_par_iter()
            .map(|number| {
                let (declaration, fee, term) = &self.declarations[number % self.declarations.len()];
                let licensee = &self.licensees[number / self.declarations.len() % self.licensees.len()];
                let plan = "演示：压力测试中的实施计划".parse().expect("a text");
                let (fee, term) = (fee.clone(), *term);
                let act = Notice { declaration: *declaration, fee, term, plan, export: None };
                self.signing.envelope(&[&licensee.signer], act.into())
            })
            .collect()
    }
}
