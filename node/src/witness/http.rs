//! Open the witness's door: C2SP tlog-witness under `/witness`.
//!
//! | method and path | what |
//! |---|---|
//! | `POST /witness/add-checkpoint` | bring a checkpoint with a proof that it continues the last one |
//! | `GET /witness/{hex of SHA-256(origin)}/checkpoint` | the checkpoint of a log that was cosigned last |

use super::service::{Witness, WitnessRefusal};
use crate::clock::now;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use std::sync::Arc;
use tongda_ledger::tree::submission::SUBMISSION_LIMIT;

const TEXT: &str = "text/plain; charset=utf-8";

/// The body of a 409: the size that was cosigned last.
const SIZE: &str = "text/x.tlog.size";

/// The routes of a witness.
pub fn routes(witness: Arc<Witness>) -> Router {
    Router::new()
        .route("/witness/add-checkpoint", post(add).layer(DefaultBodyLimit::max(SUBMISSION_LIMIT)))
        .route("/witness/{origin}/checkpoint", get(newest))
        .with_state(witness)
}

async fn add(State(witness): State<Arc<Witness>>, body: Bytes) -> Response {
    // The disk is waited for, so this is no work for the tasks that serve connections.
    let answer = tokio::task::spawn_blocking(move || {
        let seconds = now().milliseconds() / 1_000;
        witness.submit(&body, seconds)
    });
    match answer.await {
        Ok(Ok(line)) => ([(header::CONTENT_TYPE, TEXT)], format!("{line}\n")).into_response(),
        Ok(Err(refusal)) => refused(&refusal),
        Err(error) => {
            tracing::error!(%error, "a submission to the witness was broken off");
            (StatusCode::INTERNAL_SERVER_ERROR, "the submission was broken off\n").into_response()
        }
    }
}

fn refused(refusal: &WitnessRefusal) -> Response {
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if status.is_server_error() {
        tracing::error!(%refusal, "the witness cannot cosign");
    }
    let kind = if matches!(refusal, WitnessRefusal::OtherSize(_)) { SIZE } else { TEXT };
    (status, [(header::CONTENT_TYPE, kind)], format!("{refusal}\n")).into_response()
}

async fn newest(State(witness): State<Arc<Witness>>, Path(origin): Path<String>) -> Response {
    match witness.newest(&origin) {
        Some(checkpoint) => {
            let headers = [(header::CONTENT_TYPE, TEXT), (header::CACHE_CONTROL, "max-age=1")];
            (headers, checkpoint.to_string()).into_response()
        }
        None => {
            let text = "nothing was cosigned here of a log whose origin has this SHA-256\n";
            (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, TEXT)], text).into_response()
        }
    }
}
