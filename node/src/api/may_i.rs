//! May I? Whether an act would be allowed, asked before anyone signs.

use super::{Api, Problem};
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use serde::{Deserialize, Serialize};
use tongda_ledger::execution::{Draft, Judgement};
use tongda_ledger::identifier::{MemberId, Timestamp};
use tongda_ledger::refusal::Refusal;

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Answer {
    /// Whether the act would be taken into the log.
    pub allowed: bool,
    /// Whether it would have effect at once, or wait for consents.
    pub effect: Effect,
    /// Who would still have to consent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<MemberId>,
    /// Every reason against it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<Refusal>,
    /// As of this block time.
    pub as_of: Timestamp,
    /// As of this height.
    pub height: u64,
}

/// What an act would come to.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Effect {
    /// Effect at once.
    Effective,
    /// It would wait.
    Pending,
    /// It would be refused.
    Refused,
}

/// `POST /v1/may-i`: the body is a draft.
pub(super) async fn ask(
    State(api): State<Api>,
    draft: Result<Json<Draft>, JsonRejection>,
) -> Result<Json<Answer>, Problem> {
    let Json(draft) = draft.map_err(|error| Problem::malformed(error.body_text()))?;
    let (as_of, height) = {
        let committed = api.chain.committed();
        (committed.tip().time(), committed.tip().height())
    };
    let mut answer = Answer {
        allowed: true,
        effect: Effect::Effective,
        missing: Vec::new(),
        refusals: Vec::new(),
        as_of,
        height,
    };
    match api.chain.may_i(&draft)? {
        Judgement::Effective => {}
        Judgement::Pending { missing, .. } => {
            answer.effect = Effect::Pending;
            answer.missing = missing;
        }
        Judgement::Refused(refusals) => {
            answer.allowed = false;
            answer.effect = Effect::Refused;
            answer.refusals = refusals;
        }
    }
    Ok(Json(answer))
}
