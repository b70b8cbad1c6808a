//! How large the bundle may be, as the browser receives it.

use super::folder::Folder;
use anyhow::{Result, ensure};

const BUDGETS: [(&str, u64); 2] = [(".wasm", 400 * 1024), (".css", 30 * 1024)];

/// Prints the sizes; fails if one is over its budget.
pub fn check(folder: &Folder) -> Result<()> {
    for (ending, budget) in BUDGETS {
        let sizes = folder.sizes(ending)?;
        eprintln!(
            "· {ending}：{}，brotli 压缩后 {}（上限 {}）",
            kilobytes(sizes.raw),
            kilobytes(sizes.brotli),
            kilobytes(budget)
        );
        ensure!(sizes.brotli <= budget, "{ending} 文件超出大小上限");
    }
    Ok(())
}

fn kilobytes(bytes: u64) -> String {
    format!("{:.1} KB", bytes as f64 / 1024.0)
}
