//! 评分台: the expert's applications, materials and score sheet.

mod actions;
mod declare;
mod entries;
mod keeper;

#[cfg(feature = "ssr")]
mod form;
#[cfg(feature = "ssr")]
mod list;
#[cfg(feature = "ssr")]
mod materials;
#[cfg(feature = "ssr")]
mod recusal;
#[cfg(feature = "ssr")]
mod sheet;

#[cfg(feature = "ssr")]
pub use list::DesksPage;
#[cfg(feature = "ssr")]
pub use recusal::RecusalPage;
#[cfg(feature = "ssr")]
pub use sheet::SheetPage;

pub use keeper::SheetKeeper;
