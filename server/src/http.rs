//! The web server around the pages.

pub mod access;
mod caller;
mod download;
mod forms;
mod headers;
mod limits;
mod upload;

pub use caller::Door;
pub use limits::{Rate, Rates};

use axum::extract::DefaultBodyLimit;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, Response};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use axum::{Extension, Router};
use caller::Noted;
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use limits::Limits;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceBuilder;
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;
use tower_http::services::fs::ServeFileSystemResponseBody;
use tower_http::set_header::SetResponseHeaderLayer;
use ui::app::App as Pages;
use ui::document::{Assets, BUNDLE, Document};
use ui::returned::Returns;
use ui::told::Told;

/// Largest form: a sheet with every reason and the overall opinion at full length.
const LARGEST_FORM: usize = 512 * 1024;

/// Within which a page is answered; a long computation waits a minute for its place.
const LONGEST_PAGE: Duration = Duration::from_mins(3);
/// Within which a file has come, or is made.
const LONGEST_FILE: Duration = Duration::from_mins(5);

/// All routes, with the browser bundle from the folder `site`.
///
/// # Errors
/// If no bundle was built there.
pub fn router(door: Door, site: &Path, listen: SocketAddr) -> io::Result<Router> {
    let assets = Assets::read(site)?;
    let (transport, rates) = (door.app.transport, door.rates);
    let options = assets.leptos_options(site, listen);
    let shell = {
        let options = options.clone();
        move || {
            let (assets, options) = (assets.clone(), options.clone());
            view! {
                <Document assets options>
                    <Pages />
                </Document>
            }
        }
    };
    let pages = Router::new()
        .leptos_routes(&options, generate_route_list(Pages), shell)
        .with_state(options)
        .layer(Extension(Arc::new(Returns::default())))
        .layer(Extension(Arc::new(Told::default())))
        .layer(from_fn(|request, next| forms::readable(LARGEST_FORM, request, next)))
        .layer(CompressionLayer::new());
    let files = Router::new()
        .route("/upload/accounts", post(upload::accounts))
        .route("/upload/{kind}", post(upload::upload))
        .layer(DefaultBodyLimit::max(upload::LARGEST_REQUEST))
        .route("/download/accounts-template.xlsx", get(download::accounts_template))
        .route("/download/templates/{file}", get(download::template))
        .route("/download/imports/{import}/problems.xlsx", get(download::import_problems))
        .route("/download/experts.xlsx", get(download::experts))
        .route("/download/rounds/{round}/invitations.xlsx", post(download::invitations))
        .route("/download/rounds/{round}/draw.json", get(download::draw))
        .route("/download/rounds/{round}/{file}", get(download::of_round));
    let files = files.layer(from_fn(|request, next| forms::in_time(LONGEST_FILE, request, next)));
    let waiting = pages.clone();
    let pages = pages.layer(from_fn(|request, next| forms::in_time(LONGEST_PAGE, request, next)));
    Ok(pages
        .merge(files)
        .layer(from_fn_with_state(Arc::new(Limits::new(rates, waiting)), limits::limit))
        .layer(from_fn_with_state(transport, headers::same_origin))
        .layer(from_fn_with_state((door, Arc::new(Noted::new())), caller::attach))
        .nest_service(&format!("/{BUNDLE}"), bundle(site))
        .route("/healthz", get(|| async { "ok" }))
        .layer(from_fn_with_state(transport, headers::protect)))
}

/// The bundle's files carry a hash of their content in their names, so they may be kept for ever.
fn bundle(
    site: &Path,
) -> impl tower::Service<
    axum::extract::Request,
    Response = Response<ServeFileSystemResponseBody>,
    Error = std::convert::Infallible,
    Future: Send,
> + Clone
+ Send
+ Sync
+ 'static {
    let for_ever = |response: &Response<ServeFileSystemResponseBody>| {
        response.status().is_success().then(|| HeaderValue::from_static("public, max-age=31536000, immutable"))
    };
    ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::overriding(CACHE_CONTROL, for_ever))
        .service(ServeDir::new(site.join(BUNDLE)).precompressed_br().precompressed_gzip())
}
