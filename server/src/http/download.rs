//! Documents out, always as attachments.

use super::caller::context;
use ::export::Edition;
use ::export::panel_summary::Variant;
use axum::Extension;
use axum::extract::{OriginalUri, Path, Query};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use domain::ids::{ImportId, RoundId};
use serde::Deserialize;
use service::export::{self, Document};
use service::{Case, Error, import};
use ui::request::{Caller, error_text, form_pairs, log, sign_in_address};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const CSV: &str = "text/csv; charset=utf-8";
const JSON: &str = "application/json";

fn attachment(document: Document, kind: &'static str) -> Response {
    let encoded = ui::components::percent_encode(&document.name);
    let disposition = format!("attachment; filename=\"hengping\"; filename*=UTF-8''{encoded}");
    let mut response = (StatusCode::OK, document.content).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    response
}

/// An error as a plain page: a download has no page of its own to come back to.
fn refused(error: &Error, here: &str) -> Response {
    log(error);
    let status = match error {
        Error::SignedOut => return Redirect::to(&sign_in_address(here)).into_response(),
        Error::Denied(_) | Error::OutOfScope => StatusCode::FORBIDDEN,
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Stale => StatusCode::CONFLICT,
        Error::Rule(rule) if rule.case() != Case::Input => StatusCode::CONFLICT,
        Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    };
    (status, error_text(error)).into_response()
}

fn answer(result: Result<Document, Error>, kind: &'static str, here: &OriginalUri) -> Response {
    match result {
        Ok(document) => attachment(document, kind),
        Err(error) => refused(&error, here.path()),
    }
}

/// The list of accounts to fill in.
pub async fn accounts_template(here: OriginalUri, Extension(caller): Extension<Caller>) -> Response {
    answer(context(&caller).and_then(|ctx| service::account::list_template(&ctx)), XLSX, &here)
}

/// Templates of the imports.
pub async fn template(Path(file): Path<String>, here: OriginalUri, Extension(caller): Extension<Caller>) -> Response {
    let result =
        context(&caller).and_then(|ctx| import::template(&ctx, file.strip_suffix(".xlsx").unwrap_or_default()));
    answer(result, XLSX, &here)
}

/// What a dry run found, as a workbook.
pub async fn import_problems(
    Path(import): Path<ImportId>,
    here: OriginalUri,
    Extension(caller): Extension<Caller>,
) -> Response {
    let pairs = here.query().map(|q| form_pairs(q.as_bytes())).unwrap_or_default();
    let whole = ui::import::whole(&ui::components::Query::from_pairs("/imports", pairs));
    let result = async { export::import_problems(&context(&caller)?, import, whole).await };
    answer(result.await, XLSX, &here)
}

/// The list of experts as it stands on the page.
pub async fn experts(here: OriginalUri, Extension(caller): Extension<Caller>) -> Response {
    let pairs = here.query().map(|q| form_pairs(q.as_bytes())).unwrap_or_default();
    let query = ui::components::Query::from_pairs("/experts", pairs);
    let result = async { export::experts(&context(&caller)?, &ui::expert::filter(&query)).await };
    answer(result.await, XLSX, &here)
}

/// The record of a draw, for whoever may watch it.
pub async fn draw(Path(round): Path<String>, here: OriginalUri, Extension(caller): Extension<Caller>) -> Response {
    let result = async {
        let ctx = context(&caller)?;
        export::draw(&ctx, round.parse().map_err(|_| Error::NotFound)?).await
    };
    answer(result.await, JSON, &here)
}

#[derive(Deserialize)]
pub struct Wanted {
    names: Option<String>,
    edition: Option<String>,
}

/// The documents of a round.
pub async fn of_round(
    Path((round, file)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
    here: OriginalUri,
    Extension(caller): Extension<Caller>,
) -> Response {
    let kind = match file.as_str() {
        "scores.csv" => CSV,
        "sheets.json" => JSON,
        _ => XLSX,
    };
    let result = async {
        let ctx = context(&caller)?;
        let round: RoundId = round.parse().map_err(|_| Error::NotFound)?;
        let edition = if wanted.edition.as_deref() == Some("signing") { Edition::Signing } else { Edition::Full };
        match file.as_str() {
            "ranking.xlsx" => export::ranking(&ctx, round, edition).await,
            "panels.xlsx" => {
                let variant = if wanted.names.as_deref() == Some("real") { Variant::RealName } else { Variant::Coded };
                export::panels(&ctx, round, variant, edition).await
            }
            "applications.xlsx" => export::applications(&ctx, round).await,
            "conflicts.xlsx" => export::conflicts(&ctx, round).await,
            "scores.csv" => export::scores(&ctx, round).await,
            "sheets.json" => export::sheet_receipts(&ctx, round).await,
            "draw-record.xlsx" => export::draw_record(&ctx, round).await,
            _ => Err(Error::NotFound),
        }
    };
    answer(result.await, kind, &here)
}

/// Invites a round's seated experts and hands out their links, once.
pub async fn invitations(
    Path(round): Path<String>,
    here: OriginalUri,
    Extension(caller): Extension<Caller>,
) -> Response {
    let result = async {
        let ctx = context(&caller)?;
        export::invitations(&ctx, round.parse().map_err(|_| Error::NotFound)?).await
    };
    answer(result.await, XLSX, &here)
}
