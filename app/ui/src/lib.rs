//! Pages and server functions.
//!
//! Pages are rendered by the server only and work without JavaScript: links, `GET` forms for filters, `POST` forms for
//! writes. What must react while one types is an island, the only thing that is also compiled for the browser.

pub mod ceremony;
pub mod idle;
pub mod live;
pub mod scoring;

#[cfg(feature = "ssr")]
pub mod account;
#[cfg(feature = "ssr")]
pub mod answer;
#[cfg(feature = "ssr")]
pub mod app;
#[cfg(feature = "ssr")]
mod application;
#[cfg(feature = "ssr")]
mod approach;
#[cfg(feature = "ssr")]
mod audit;
#[cfg(feature = "ssr")]
mod calibration;
#[cfg(feature = "ssr")]
mod chapter;
#[cfg(feature = "ssr")]
pub mod components;
#[cfg(feature = "ssr")]
mod conflict;
#[cfg(feature = "ssr")]
mod consent;
#[cfg(feature = "ssr")]
pub mod cookie;
#[cfg(feature = "ssr")]
mod decision;
#[cfg(feature = "ssr")]
pub mod document;
#[cfg(feature = "ssr")]
mod draw;
#[cfg(feature = "ssr")]
pub mod expert;
#[cfg(feature = "ssr")]
mod export;
#[cfg(feature = "ssr")]
mod finding;
#[cfg(feature = "ssr")]
pub mod flash;
#[cfg(feature = "ssr")]
mod frame;
#[cfg(feature = "ssr")]
mod help;
#[cfg(feature = "ssr")]
pub mod import;
#[cfg(feature = "ssr")]
mod panel;
#[cfg(feature = "ssr")]
mod policy;
#[cfg(feature = "ssr")]
mod programme;
#[cfg(feature = "ssr")]
mod ranking;
#[cfg(feature = "ssr")]
mod region;
#[cfg(feature = "ssr")]
pub mod request;
#[cfg(feature = "ssr")]
pub mod returned;
#[cfg(feature = "ssr")]
mod round;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
mod session;
#[cfg(feature = "ssr")]
mod time;
#[cfg(feature = "ssr")]
pub mod told;
#[cfg(feature = "ssr")]
mod wait;
#[cfg(feature = "ssr")]
mod workbench;
