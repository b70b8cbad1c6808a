//! One style sheet out of `style/main.css` and what it imports.

use anyhow::{Result, anyhow};
use lightningcss::{
    bundler::{Bundler, FileProvider},
    stylesheet::{MinifyOptions, ParserOptions, PrinterOptions},
    targets::{Browsers, Targets},
};
use std::path::Path;

/// The oldest browsers that run the wasm that rustc writes today (reference types): newer CSS is translated for them.
fn targets() -> Targets {
    let version = |major: u32, minor: u32| Some(major << 16 | minor << 8);
    Targets::from(Browsers {
        chrome: version(96, 0),
        edge: version(96, 0),
        firefox: version(79, 0),
        safari: version(15, 0),
        ios_saf: version(15, 0),
        ..Browsers::default()
    })
}

pub fn bundle(main: &Path) -> Result<String> {
    let files = FileProvider::new();
    let mut bundler = Bundler::new(&files, None, ParserOptions::default());
    let mut sheet = bundler.bundle(main).map_err(|error| anyhow!("{error}"))?;
    sheet
        .minify(MinifyOptions { targets: targets(), ..MinifyOptions::default() })
        .map_err(|error| anyhow!("{error}"))?;
    let printed = sheet
        .to_css(PrinterOptions { minify: true, targets: targets(), ..PrinterOptions::default() })
        .map_err(|error| anyhow!("{error}"))?;
    Ok(printed.code)
}

#[cfg(test)]
mod tests {
    use super::bundle;
    use std::fs;

    #[test]
    fn imported_files_come_first_in_one_minified_sheet() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("a.css"), ".a { color: #ff0000; }").unwrap();
        let main = place.path().join("main.css");
        fs::write(&main, "@import \"a.css\";\n.b { margin: 0px }").unwrap();
        assert_eq!(bundle(&main).unwrap(), ".a{color:red}.b{margin:0}");
    }

    #[test]
    fn an_error_names_the_file_and_the_line() {
        let place = tempfile::tempdir().unwrap();
        let main = place.path().join("main.css");
        fs::write(&main, "\n@import \"none.css\";").unwrap();
        let error = bundle(&main).unwrap_err().to_string();
        assert!(error.contains("none.css") || error.contains("main.css"), "{error}");
    }
}
