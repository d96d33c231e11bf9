//! Answer errors as RFC 9457 problem documents.

use crate::chain::{ChainError, OlderBlocks};
use crate::pool::Rejection;
use axum::Json;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::time::Duration;
use tongda_ledger::refusal::Refusal;
use tongda_ledger::state::Fault;

/// A problem document. Its `type` is a URN: the kinds stand in the book's page on HTTP.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    /// What kind of problem it is.
    #[serde(rename = "type")]
    kind: String,
    /// The kind in words, Chinese and English.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What is wrong in this case, and what would cure it.
    detail: String,
    /// Every reason why an act is not allowed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refusals: Vec<Refusal>,
    #[serde(skip)]
    retry_after: Option<Duration>,
}

impl Problem {
    fn new(status: StatusCode, kind: &str, title: &'static str, detail: impl ToString) -> Self {
        Self {
            kind: format!("urn:tongda:problem:{kind}"),
            title,
            status: status.as_u16(),
            detail: detail.to_string(),
            refusals: Vec::new(),
            retry_after: None,
        }
    }

    /// The request cannot be read.
    pub(super) fn malformed(detail: impl ToString) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed", "请求无法读取 · the request cannot be read", detail)
    }

    /// There is no such thing.
    pub(super) fn missing(detail: impl ToString) -> Self {
        Self::new(StatusCode::NOT_FOUND, "missing", "没有找到 · not found", detail)
    }

    /// It stands in a block that is older than the snapshot with which the node began, and is still to be fetched.
    pub(super) fn not_yet(older: OlderBlocks) -> Self {
        let OlderBlocks { held, until } = older;
        let detail = format!(
            "this node began from a snapshot of height {until}; of the blocks before it those up to height {held} are \
             here, and the others are being fetched: ask again later, or ask another node"
        );
        let (status, title) = (StatusCode::SERVICE_UNAVAILABLE, "尚未取得 · not here yet");
        Self { retry_after: Some(Duration::from_secs(10)), ..Self::new(status, "not-yet", title, detail) }
    }

    /// It is within the log, and not on this node yet: for readers of static files, who know no other answer than that
    /// it is not there.
    pub(super) fn not_held(detail: impl ToString) -> Self {
        let (status, title) = (StatusCode::NOT_FOUND, "尚未取得 · not here yet");
        Self { retry_after: Some(Duration::from_secs(10)), ..Self::new(status, "not-yet", title, detail) }
    }

    /// It stands in the log, and no published checkpoint covers it yet.
    pub(super) fn uncovered(index: u64) -> Self {
        let detail = format!(
            "entry {index} is committed, and no checkpoint that covers it has the cosignatures of more than two thirds of \
             the validators yet; that takes a second or two: ask again, or wait with ?wait=10"
        );
        let (status, title) = (StatusCode::ACCEPTED, "尚无检查点 · no checkpoint covers it yet");
        Self {
            retry_after: Some(Duration::from_secs(1)),
            ..Self::new(status, "no-checkpoint-yet", title, detail)
        }
    }

    /// No checkpoint is published yet.
    pub(super) fn no_checkpoint() -> Self {
        let detail = "validators with more than two thirds of the power must have cosigned a checkpoint, and this node must \
                      have received their cosignatures: that takes a second or two, ask again";
        let (status, title) =
            (StatusCode::SERVICE_UNAVAILABLE, "尚无检查点 · no checkpoint is published yet");
        Self {
            retry_after: Some(Duration::from_secs(1)),
            ..Self::new(status, "no-checkpoint-yet", title, detail)
        }
    }

    /// The state at the newest checkpoint is not kept: this node has just started, or too much has changed since.
    pub(super) fn state_gone() -> Self {
        let detail = "the state at the newest checkpoint cannot be proven here any more, because this node has just started \
                      or too much has changed since; the next checkpoint comes within seconds: ask again, or ask another \
                      node";
        let (status, title) = (StatusCode::SERVICE_UNAVAILABLE, "请稍后再试 · ask again soon");
        Self { retry_after: Some(Duration::from_secs(1)), ..Self::new(status, "state-gone", title, detail) }
    }

    /// Too many ask for the same at once.
    pub(super) fn busy(detail: impl ToString) -> Self {
        let (status, title) = (StatusCode::SERVICE_UNAVAILABLE, "节点繁忙 · the node is busy");
        Self { retry_after: Some(Duration::from_secs(10)), ..Self::new(status, "busy", title, detail) }
    }

    /// The act is refused.
    pub(super) fn refused(refusals: Vec<Refusal>) -> Self {
        let codes: Vec<_> = refusals.iter().map(|refusal| refusal.code.as_str()).collect();
        let detail = codes.join(", ");
        Self {
            refusals,
            ..Self::new(StatusCode::CONFLICT, "refused", "依法不予登记 · the act is not allowed", detail)
        }
    }

    /// The envelope expired before a block took it.
    pub(super) fn expired() -> Self {
        let detail = "sign the act again with a new window; nothing was written";
        Self::new(StatusCode::GONE, "expired", "记录已过有效期 · the envelope has expired", detail)
    }

    /// The node is at fault.
    pub(super) fn broken(detail: impl ToString) -> Self {
        let detail = detail.to_string();
        tracing::error!(detail, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "broken", "节点故障 · the node is at fault", detail)
    }
}

impl From<BytesRejection> for Problem {
    fn from(rejection: BytesRejection) -> Self {
        let status = rejection.status();
        let title = match status {
            StatusCode::PAYLOAD_TOO_LARGE => "内容过长 · the request is too long",
            _ => "请求无法读取 · the request cannot be read",
        };
        Self::new(status, "malformed", title, rejection.body_text())
    }
}

impl From<ChainError> for Problem {
    fn from(error: ChainError) -> Self {
        Self::broken(error)
    }
}

impl From<Fault> for Problem {
    fn from(error: Fault) -> Self {
        Self::broken(error)
    }
}

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        let status = match &rejection {
            Rejection::TooLong(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Rejection::Envelope(_) => StatusCode::BAD_REQUEST,
            Rejection::Expired(_) => StatusCode::GONE,
            Rejection::AddressQuota(_) | Rejection::MemberQuota { .. } | Rejection::MemberShare { .. } => {
                StatusCode::TOO_MANY_REQUESTS
            }
            Rejection::NodeShare(_) | Rejection::Full | Rejection::NotYetValid { .. } => {
                StatusCode::SERVICE_UNAVAILABLE
            }
        };
        let title = match status {
            StatusCode::TOO_MANY_REQUESTS => "请求过多 · too many requests",
            StatusCode::SERVICE_UNAVAILABLE => "节点繁忙 · the node is busy",
            _ => "记录无法接收 · the record cannot be taken",
        };
        let retry_after = rejection.retry_after();
        Self { retry_after, ..Self::new(status, "rejected", title, rejection) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry = self.retry_after.map(|after| HeaderValue::from(after.as_secs().max(1)));
        let mut response = (status, Json(self)).into_response();
        let problem = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, problem);
        // What is not there now may be there later.
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(retry) = retry {
            response.headers_mut().insert(header::RETRY_AFTER, retry);
        }
        response
    }
}

/// No such path.
pub(super) async fn not_found(uri: Uri) -> Problem {
    Problem::missing(format!("{} is no resource of this node; GET / lists them", uri.path()))
}

/// A path that does not take the method.
pub(super) async fn method_not_allowed(uri: Uri) -> Problem {
    let detail = format!("{} does not take this method; GET / lists what it takes", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method", "不支持的方法 · method not allowed", detail)
}
