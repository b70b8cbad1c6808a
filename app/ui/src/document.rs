//! The HTML document around every page, and the files of the browser bundle it names.

use leptos::{config::LeptosOptions, prelude::*};
use leptos_meta::MetaTags;
use std::{io, net::SocketAddr, path::Path, sync::Arc};

/// The folder of the bundle, both inside the site folder and in addresses.
///
/// Every name in it carries a hash of the content, so it may be cached for ever.
pub const BUNDLE: &str = "pkg";

/// The files that `cargo xtask build` made, as `assets.json` in the site folder names them.
#[derive(Clone, Debug)]
pub struct Assets {
    /// Leptos' name for the JavaScript and the wasm: `<name>.js` and `<name>_bg.wasm`.
    name: Arc<str>,
    css: Arc<str>,
}

#[derive(serde::Deserialize)]
struct Manifest {
    js: String,
    wasm: String,
    css: String,
}

impl Assets {
    /// Reads `assets.json` in the folder `site`.
    ///
    /// # Errors
    /// `NotFound` where no bundle was built there, `InvalidData` where the file is not what this program understands.
    pub fn read(site: &Path) -> io::Result<Self> {
        let manifest: Manifest = serde_json::from_slice(&std::fs::read(site.join("assets.json"))?)?;
        let name = manifest
            .js
            .strip_suffix(".js")
            .filter(|name| manifest.wasm == format!("{name}_bg.wasm"))
            .ok_or(io::ErrorKind::InvalidData)?;
        Ok(Self { name: name.into(), css: manifest.css.into() })
    }

    /// The options Leptos wants: its hydration script then asks for the names of this bundle.
    #[must_use]
    pub fn leptos_options(&self, site: &Path, listen: SocketAddr) -> LeptosOptions {
        LeptosOptions::builder()
            .output_name(self.name.clone())
            .site_root(site.to_string_lossy())
            .site_pkg_dir(BUNDLE)
            .site_addr(listen)
            .build()
    }
}

/// The document: head, style sheet, hydration script, and the page in the body.
#[expect(clippy::needless_pass_by_value, reason = "props are owned, as the view macro hands them over")]
#[component]
pub fn Document(assets: Assets, options: LeptosOptions, children: Children) -> impl IntoView {
    crate::policy::apply();
    view! {
        <!DOCTYPE html>
        <html lang="zh-CN">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content" />
                <link rel="icon" href="data:," />
                <link rel="stylesheet" href=format!("/{BUNDLE}/{}", assets.css) />
                <HydrationScripts options islands=true />
                <MetaTags />
            </head>
            <body>{children()}</body>
        </html>
    }
}
