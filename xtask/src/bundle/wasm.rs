//! The island code: compiled to wasm, given its JavaScript side, made smaller.

use super::{NAME, folder::hash};
use crate::{
    process::{find_program, output, run, step},
    project::{Project, locked_version},
    setup::wasm::{Compiler, TARGET},
};
use anyhow::{Result, ensure};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use wasm_bindgen_cli_support::Bindgen;

/// The features that rustc may use on this target: browsers refuse what `--all-features` would emit.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The files that the browser loads, with the names it asks for.
pub struct Code {
    pub js: Vec<u8>,
    pub wasm: Vec<u8>,
    pub js_name: String,
    pub wasm_name: String,
}

/// How the code is made.
pub enum Making<'a> {
    /// With `wasm-opt` where somebody installed it.
    ByWhatIsThere,
    /// As every builder can, with these flags for rustc.
    Reproducibly { flags: &'a str },
}

pub fn build(project: &Project, compiler: &Compiler, making: &Making<'_>) -> Result<Code> {
    let version = bindgen_version(&project.root)?;
    let raw = step("编译浏览器端（wasm）", || compile(project, compiler, making))?;

    let optimizer = match making {
        Making::ByWhatIsThere => Optimizer::find()?,
        Making::Reproducibly { .. } => None,
    };
    let made_from =
        hash(&[&fs::read(&raw)?, version.as_bytes(), optimizer.as_ref().map_or("", |found| &found.version).as_bytes()]);
    let files = Files::beside(&raw);
    if !files.made_from(&made_from) {
        step("生成 JavaScript 接口（wasm-bindgen）", || files.generate(&raw))?;
        match optimizer {
            Some(optimizer) => {
                step("缩小 wasm（wasm-opt -Oz）", || optimizer.shrink(&files.wasm))?;
            }
            None => eprintln!("· 没有 wasm-opt，不作进一步缩小"),
        }
        fs::write(&files.note, made_from)?;
    }
    files.read()
}

/// The JavaScript that xtask writes fits only wasm of the same version.
fn bindgen_version(root: &Path) -> Result<String> {
    let library = locked_version(root, "wasm-bindgen")?;
    let tool = locked_version(root, "wasm-bindgen-cli-support")?;
    ensure!(
        library == tool,
        "wasm-bindgen 是 {library}，wasm-bindgen-cli-support 是 {tool}：请在 Cargo.toml 中写成同一版本"
    );
    Ok(library)
}

fn compile(project: &Project, compiler: &Compiler, making: &Making<'_>) -> Result<PathBuf> {
    let package = ["--package", "frontend", "--lib", "--profile", "wasm"];
    let mut cargo = compiler.cargo_build(project);
    cargo.args(package);
    if let Making::Reproducibly { flags } = making {
        cargo.arg("--locked").env("CARGO_ENCODED_RUSTFLAGS", flags).env_remove("CARGO_BUILD_BUILD_DIR");
    }
    run(&mut cargo)?;
    Ok(project.web().join(TARGET).join("wasm/frontend.wasm"))
}

/// The result for the compiled wasm, and the note of which.
struct Files {
    js: PathBuf,
    wasm: PathBuf,
    note: PathBuf,
}

impl Files {
    fn beside(compiled: &Path) -> Self {
        Self {
            js: compiled.with_file_name(format!("{NAME}.js")),
            wasm: compiled.with_file_name(format!("{NAME}_bg.wasm")),
            note: compiled.with_file_name(format!("{NAME}.from")),
        }
    }

    fn made_from(&self, hash: &str) -> bool {
        fs::read_to_string(&self.note).is_ok_and(|note| note == hash)
    }

    fn generate(&self, compiled: &Path) -> Result<()> {
        if self.note.exists() {
            fs::remove_file(&self.note)?;
        }
        let mut output = Bindgen::new()
            .input_path(compiled)
            .web(true)?
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate_output()?;
        ensure!(
            output.snippets().values().all(Vec::is_empty) && output.local_modules().is_empty(),
            "有依赖带 JavaScript 片段，本工具不打包它们"
        );
        fs::write(&self.js, output.js())?;
        fs::write(&self.wasm, output.wasm_mut().emit_wasm())?;
        Ok(())
    }

    /// Leptos' hydration script asks for `<name>.js` and `<name>_bg.wasm`, so both carry one hash.
    fn read(&self) -> Result<Code> {
        let (js, wasm) = (fs::read(&self.js)?, fs::read(&self.wasm)?);
        let name = format!("{NAME}-{}", hash(&[&js, &wasm]));
        Ok(Code { js, wasm, js_name: format!("{name}.js"), wasm_name: format!("{name}_bg.wasm") })
    }
}

/// Binaryen's `wasm-opt`, where somebody installed it.
struct Optimizer {
    program: PathBuf,
    version: String,
}

impl Optimizer {
    fn find() -> Result<Option<Self>> {
        let Some(program) = find_program("wasm-opt") else {
            return Ok(None);
        };
        let version = output(Command::new(&program).arg("--version"))?;
        Ok(Some(Self { program, version }))
    }

    fn shrink(&self, wasm: &Path) -> Result<()> {
        let small = wasm.with_extension("small");
        let mut command = Command::new(&self.program);
        command.arg("-Oz").args(WASM_FEATURES).arg(wasm).arg("-o").arg(&small);
        run(&mut command)?;
        Ok(fs::rename(small, wasm)?)
    }
}
