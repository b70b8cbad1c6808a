//! The things that have to be on this machine before anything is built.

mod packages;
pub mod wasm;

use crate::{process::succeeds, project::Project};
use anyhow::{Context, Result};
use packages::Need;
use std::{path::PathBuf, process::Command};
use wasm::Compiler;

/// Names or installs what building for the browser needs.
pub fn for_build(project: &Project) -> Result<Compiler> {
    wasm::compiler(project)
}

/// Names or installs what the tests need.
pub fn for_tests() -> Result<()> {
    packages::ensure(&[
        Need {
            what: "Chromium 浏览器",
            package: "chromium",
            present: || {
                ["chromium", "chromium-browser", "google-chrome", "chrome"]
                    .iter()
                    .any(|name| crate::process::find_program(name).is_some())
            },
        },
        Need { what: "ChromeDriver", package: "chromium-driver", present: || chromedriver().is_some() },
        Need { what: "中文字体 Noto CJK", package: "fonts-noto-cjk", present: packages::chinese_font },
        Need { what: "PostgreSQL", package: "postgresql", present: || crate::postgres::programs().is_some() },
    ])
}

/// Names or installs R with `lme4`, the peer of the calibration.
pub fn for_mixed_models() -> Result<PathBuf> {
    packages::ensure(&[Need {
        what: "R 与 lme4",
        package: "r-cran-lme4",
        present: || rscript().is_some_and(|rscript| succeeds(Command::new(rscript).args(["-e", "library(lme4)"]))),
    }])?;
    rscript().context("找不到 Rscript")
}

fn rscript() -> Option<PathBuf> {
    crate::process::find_program("Rscript")
}

pub fn chromedriver() -> Option<PathBuf> {
    crate::process::find_program("chromedriver")
}
