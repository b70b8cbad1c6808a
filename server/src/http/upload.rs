//! Excel files in: streamed with a limit, checked, and shown as a dry run.

use super::caller::context;
use axum::Extension;
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use domain::ids::BatchId;
use domain::import::{ImportError, ImportKind};
use serde::Deserialize;
use service::Error;
use service::import::{LARGEST_FILE, check, too_large};
use ui::flash::{done_cookie, flash_cookie};
use ui::request::{Caller, error_text, log, sign_in_address};
use ui::routes;

/// A file that is too large is read to its end, up to here, and thrown away: a browser whose upload is cut off shows a
/// broken connection instead of the answer.
pub const LARGEST_REQUEST: usize = 128 * 1024 * 1024;

#[derive(Deserialize)]
pub struct Into {
    batch: Option<String>,
}

/// Checks an uploaded file and shows what it would bring.
pub async fn upload(
    Path(kind): Path<String>,
    Query(into): Query<Into>,
    Extension(caller): Extension<Caller>,
    form: Multipart,
) -> Response {
    let batch: Option<BatchId> = into.batch.as_deref().and_then(|b| b.parse().ok());
    let back = kind.parse().map_or_else(|_| routes::EXPERTS.to_owned(), |kind| routes::new_import(kind, batch));
    let result = async {
        let ctx = context(&caller)?;
        let kind: ImportKind = kind.parse().map_err(|_| Error::NotFound)?;
        // The permission is asked again by the service; asked here first, so that nobody else's upload is read at all.
        ctx.require(domain::access::Permission::ImportData)?;
        match file(form).await? {
            File::Read { name, content } => check(&ctx, kind, batch, &name, content).await,
            File::TooLarge { name } => Err(too_large(&ctx, kind, &name).await?),
        }
    };
    match result.await {
        Ok(id) => Redirect::to(&routes::import(id)).into_response(),
        Err(Error::SignedOut) => Redirect::to(&sign_in_address(&back)).into_response(),
        Err(error) => {
            log(&error);
            let cookie = flash_cookie(caller.app.transport, &error_text(&error));
            ([(axum::http::header::SET_COOKIE, cookie)], Redirect::to(&back)).into_response()
        }
    }
}

/// Opens the accounts of an uploaded list.
pub async fn accounts(Extension(caller): Extension<Caller>, form: Multipart) -> Response {
    let result = async {
        let ctx = context(&caller)?;
        ctx.require(domain::access::Permission::ManageAccounts)?;
        match file(form).await? {
            File::Read { content, .. } => service::account::create_all(&ctx, content).await,
            File::TooLarge { .. } => Err(ImportError::TooLarge { megabytes: LARGEST_FILE / 1024 / 1024 }.into()),
        }
    };
    let transport = caller.app.transport;
    let cookie = match result.await {
        Ok(count) => done_cookie(transport, &format!("已开通 {count} 个账号，请安全管理员授予角色")),
        Err(Error::SignedOut) => return Redirect::to(&sign_in_address(routes::ACCOUNTS)).into_response(),
        Err(error) => {
            log(&error);
            flash_cookie(transport, &error_text(&error))
        }
    };
    ([(axum::http::header::SET_COOKIE, cookie)], Redirect::to(routes::ACCOUNTS)).into_response()
}

/// The file that came, under the name its sender gave it.
enum File {
    Read { name: String, content: Vec<u8> },
    TooLarge { name: String },
}

async fn file(mut form: Multipart) -> Result<File, Error> {
    while let Some(mut field) = match form.next_field().await {
        Err(error) if is_too_large(&error) => return Ok(File::TooLarge { name: String::new() }),
        field => field.map_err(|_| ImportError::Interrupted)?,
    } {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        if name.is_empty() {
            return Err(ImportError::NoFile.into());
        }
        let mut content = Vec::new();
        let mut size = 0;
        while let Some(chunk) = match field.chunk().await {
            Err(error) if is_too_large(&error) => return Ok(File::TooLarge { name }),
            chunk => chunk.map_err(|_| ImportError::Interrupted)?,
        } {
            size += chunk.len();
            if size <= LARGEST_FILE {
                content.extend_from_slice(&chunk);
            } else {
                content = Vec::new();
            }
        }
        return Ok(if size > LARGEST_FILE { File::TooLarge { name } } else { File::Read { name, content } });
    }
    Err(ImportError::NoFile.into())
}

fn is_too_large(error: &MultipartError) -> bool {
    error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE
}
