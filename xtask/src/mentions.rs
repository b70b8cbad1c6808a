//! Refuses documentation that names files or tests which are not there.

use std::path::Path;

/// The files and functions that a text names and that are not below `root`: `app/x.rs` and `app/x.rs::test`.
pub fn missing(root: &Path, text: &str) -> Vec<String> {
    let mut missing: Vec<String> = named(text).filter(|name| !is_there(root, name)).map(str::to_owned).collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && !"/._-:".contains(c))
        .map(|word| word.trim_matches(['.', ':']))
        .filter(|word| word.split_once('/').is_some_and(|(folder, _)| FOLDERS.contains(&folder)))
        .filter(|word| Path::new(parts(word).0).extension().is_some_and(|extension| extension == "rs"))
}

/// Paths that begin with these are paths from the root.
const FOLDERS: [&str; 6] = ["app", "frontend", "migrations", "server", "tests", "xtask"];

fn is_there(root: &Path, name: &str) -> bool {
    let (path, function) = parts(name);
    let Ok(code) = std::fs::read_to_string(root.join(path)) else { return false };
    function.is_none_or(|function| code.contains(&format!("fn {function}(")))
}

/// The path, and the function in it.
fn parts(name: &str) -> (&str, Option<&str>) {
    name.split_once("::").map_or((name, None), |(path, function)| (path, Some(function)))
}

#[cfg(test)]
mod tests {
    use super::missing;
    use anyhow::Result;

    #[test]
    fn a_file_and_a_test_that_are_gone_are_named() -> Result<()> {
        let root = tempfile::tempdir()?;
        std::fs::create_dir(root.path().join("app"))?;
        std::fs::write(root.path().join("app/seal.rs"), "fn opens() {}")?;
        let text = "| app/seal.rs; app/gone.rs | `app/seal.rs::opens`, `app/seal.rs::opens_twice`. ui/other.rs |";
        assert_eq!(missing(root.path(), text), ["app/gone.rs", "app/seal.rs::opens_twice"]);
        Ok(())
    }
}
