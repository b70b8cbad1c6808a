//! Databases of the demonstration: everybody knows the passwords in them, so that none is ever served for real.

use crate::{App, Result};
use domain::access::Errand;
use store::Repositories;

/// The setting that marks one.
pub const DEMONSTRATION: &str = "demonstration";

/// # Errors
/// The database cannot be written.
pub async fn mark_as_demonstration(app: &App) -> Result<()> {
    let marked = async |tx: &store::Tx| Ok(tx.accounts().set_setting(DEMONSTRATION, Some(String::from("1"))).await?);
    app.program(Errand::Demonstration).write(marked).await
}

/// # Errors
/// The database cannot be read.
pub async fn is_demonstration(app: &App) -> Result<bool> {
    Ok(app.program(Errand::SetUp).accounts().setting(DEMONSTRATION).await?.is_some())
}
