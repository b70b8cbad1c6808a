//! The browser bundle: JavaScript, wasm and CSS, named by content, compressed, listed in `assets.json`.

mod budget;
mod css;
mod folder;
mod wasm;

use crate::{process::step, project::Project, setup};
use anyhow::Result;
use folder::Folder;
use serde_json::json;
use setup::wasm::Compiler;
use std::fs;
use wasm::{Code, Making};

/// The part of every file name before the hash.
const NAME: &str = "hengping";

/// Builds what is out of date and removes what is no longer used.
pub fn build(project: &Project) -> Result<()> {
    let compiler = setup::for_build(project)?;
    let code = wasm::build(project, &compiler, &Making::ByWhatIsThere)?;
    put(project, &code)
}

/// The same with these flags for rustc, and without help that another builder may not have.
pub fn build_reproducibly(project: &Project, compiler: &Compiler, flags: &str) -> Result<()> {
    let code = wasm::build(project, compiler, &Making::Reproducibly { flags })?;
    put(project, &code)
}

fn put(project: &Project, code: &Code) -> Result<()> {
    let css = step("合并与压缩样式表", || css::bundle(&project.root.join("style/main.css")))?;
    let css_name = format!("{NAME}-{}.css", folder::hash(&[css.as_bytes()]));

    let site = project.site();
    let mut folder = Folder::open(site.join("pkg"))?;
    folder.put(&code.js_name, &code.js)?;
    folder.put(&code.wasm_name, &code.wasm)?;
    folder.put(&css_name, css.as_bytes())?;
    let manifest = json!({ "js": code.js_name, "wasm": code.wasm_name, "css": css_name });
    fs::write(site.join("assets.json"), format!("{manifest:#}\n"))?;
    folder.remove_others()?;

    budget::check(&folder)
}
