//! The list of what program and bundle are made of: CycloneDX 1.5.

use crate::{process::output, project::Project, setup::wasm::TARGET};
use anyhow::{Context, Result, anyhow, ensure};
use cargo_metadata::{DependencyKind, Metadata as Cargo, MetadataCommand, Package, PackageId};
use cyclonedx_bom::models::{
    bom::{Bom, UrnUuid},
    component::{Classification, Component, Components, Scope},
    dependency::{Dependencies, Dependency},
    hash::{Hash, HashAlgorithm, HashValue, Hashes},
    license::{LicenseChoice, Licenses},
    metadata::Metadata,
    tool::{Tool, Tools},
};
use cyclonedx_bom::prelude::{NormalizedString, Purl, SpecVersion, Validate};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

/// What is shipped, with the platform each part runs on.
const PARTS: [&str; 2] = ["server", "frontend"];

/// A package by its name and version, which tell it apart in a lock file of one registry.
type Name = (String, String);

/// The list as JSON; the same for the same lock file.
pub fn of(project: &Project, host: &str) -> Result<String> {
    let lock = fs::read_to_string(project.root.join("Cargo.lock")).context("读不到 Cargo.lock")?;
    let checksums = checksums(&lock);
    let mut found = Found::default();
    for (part, platform) in PARTS.into_iter().zip([host, TARGET]) {
        found.add(&metadata(project, platform)?, part)?;
    }
    let own = component(Classification::Application, "hengping", env!("CARGO_PKG_VERSION"))?;
    let root = own.bom_ref.clone().context("没有编号")?;
    let mut components = Vec::new();
    let mut dependencies =
        vec![Dependency { dependency_ref: root, dependencies: found.roots.iter().cloned().collect() }];
    for ((name, version), package) in &found.packages {
        components.push(listed(package, checksums.get(&(name.clone(), version.clone())))?);
        let needs = found.needs.get(&reference(name, version)).cloned().unwrap_or_default();
        let dependency_ref = reference(name, version);
        dependencies.push(Dependency { dependency_ref, dependencies: needs.into_iter().collect() });
    }
    let bom = Bom {
        serial_number: Some(serial(&lock)?),
        metadata: Some(Metadata {
            component: Some(own),
            tools: Some(Tools::List(vec![Tool {
                name: Some(NormalizedString::new("cargo xtask dist")),
                ..Tool::default()
            }])),
            ..Metadata::default()
        }),
        components: Some(Components(components)),
        dependencies: Some(Dependencies(dependencies)),
        ..Bom::default()
    };
    let validated = bom.validate_version(SpecVersion::V1_5);
    ensure!(validated.passed(), "清单不合 CycloneDX：{validated:?}");
    let mut json = Vec::new();
    bom.output_as_json_v1_5(&mut json)?;
    Ok(String::from_utf8(json)? + "\n")
}

/// What was found on the way from the parts to the last of what they need.
#[derive(Default)]
struct Found {
    roots: BTreeSet<String>,
    packages: BTreeMap<Name, Package>,
    needs: BTreeMap<String, BTreeSet<String>>,
}

impl Found {
    /// Follows what is compiled in or runs while compiling; what only tests need is not shipped.
    fn add(&mut self, cargo: &Cargo, part: &str) -> Result<()> {
        let resolve = cargo.resolve.as_ref().context("cargo metadata 没有给出依赖")?;
        let nodes: BTreeMap<&PackageId, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
        let start = cargo.workspace_packages().into_iter().find(|package| package.name == part);
        let start = start.with_context(|| format!("没有 {part}"))?;
        self.roots.insert(reference(&start.name, &start.version.to_string()));
        let mut open = vec![&start.id];
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            let package = &cargo[id];
            let version = package.version.to_string();
            let own = reference(&package.name, &version);
            self.packages.insert((package.name.to_string(), version), package.clone());
            let node = nodes.get(id).with_context(|| format!("没有 {id}"))?;
            for dependency in &node.deps {
                if dependency.dep_kinds.iter().all(|kind| kind.kind == DependencyKind::Development) {
                    continue;
                }
                let needed = &cargo[&dependency.pkg];
                let needed = reference(&needed.name, &needed.version.to_string());
                self.needs.entry(own.clone()).or_default().insert(needed);
                open.push(&dependency.pkg);
            }
        }
        Ok(())
    }
}

fn metadata(project: &Project, platform: &str) -> Result<Cargo> {
    let mut command = MetadataCommand::new();
    command.manifest_path(project.root.join("Cargo.toml"));
    command.other_options(["--locked".to_owned(), format!("--filter-platform={platform}")]);
    let mut command = command.cargo_command();
    Ok(MetadataCommand::parse(output(command.stderr(std::process::Stdio::inherit()))?)?)
}

fn reference(name: &str, version: &str) -> String {
    format!("{name}@{version}")
}

fn component(class: Classification, name: &str, version: &str) -> Result<Component> {
    let mut own = Component::new(class, name, version, Some(reference(name, version)));
    own.purl = Some(Purl::new("cargo", name, version).context("不是包的名称")?);
    Ok(own)
}

fn listed(package: &Package, checksum: Option<&String>) -> Result<Component> {
    let mut own = component(Classification::Library, &package.name, &package.version.to_string())?;
    own.scope = Some(Scope::Required);
    if let Some(licence) = &package.license {
        // Older packages write a slash for "or".
        let expression = licence.replace('/', " OR ").replace("  ", " ");
        own.licenses = Some(Licenses(vec![LicenseChoice::expression(&expression)]));
    }
    if let Some(checksum) = checksum {
        let hash = Hash { alg: HashAlgorithm::SHA_256, content: HashValue(checksum.clone()) };
        own.hashes = Some(Hashes(vec![hash]));
    }
    Ok(own)
}

/// What the lock file says of the packages of the registry.
fn checksums(lock: &str) -> BTreeMap<Name, String> {
    let field = |block: &str, name: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = \"")?.strip_suffix('"'));
        line.map(ToOwned::to_owned)
    };
    let package = |block: &str| Some(((field(block, "name")?, field(block, "version")?), field(block, "checksum")?));
    lock.split("[[package]]").skip(1).filter_map(package).collect()
}

/// A number that changes with what is listed, and with nothing else.
fn serial(lock: &str) -> Result<UrnUuid> {
    let mut bytes: [u8; 16] = Sha256::digest(lock.as_bytes())[..16].try_into()?;
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let digits = hex::encode(bytes);
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    UrnUuid::new(format!("urn:uuid:{}", parts.join("-"))).map_err(|error| anyhow!("{error:?}"))
}

#[cfg(test)]
mod tests {
    use super::{checksums, of};
    use crate::project::Project;
    use cyclonedx_bom::prelude::{Bom, SpecVersion, Validate};
    use std::{collections::BTreeSet, fs};

    #[test]
    fn everything_shipped_is_listed_once_with_its_digest_and_licence_and_nothing_that_only_tests_need() {
        let project = Project::locate().unwrap();
        let text = of(&project, "x86_64-unknown-linux-gnu").unwrap();
        assert_eq!(text, of(&project, "x86_64-unknown-linux-gnu").unwrap(), "the same every time");
        let bom = Bom::parse_from_json_v1_5(text.as_bytes()).unwrap();
        assert!(bom.validate_version(SpecVersion::V1_5).passed());
        let components = bom.components.unwrap().0;
        let names: BTreeSet<&str> = components.iter().map(|own| own.name.as_ref()).collect();
        for shipped in ["server", "engine", "axum", "sea-orm", "ring", "aes-gcm", "web-sys", "frontend"] {
            assert!(names.contains(shipped), "{shipped}");
        }
        for other in ["fantoccini", "proptest", "xtask", "tests", "lightningcss"] {
            assert!(!names.contains(other), "{other}");
        }
        let references: BTreeSet<_> = components.iter().map(|own| own.bom_ref.clone().unwrap()).collect();
        assert_eq!(references.len(), components.len());
        let lock = fs::read_to_string(project.root.join("Cargo.lock")).unwrap();
        let registry = checksums(&lock);
        for own in &components {
            let version = own.version.as_ref().unwrap().to_string();
            let known = registry.get(&(own.name.to_string(), version));
            let listed = own.hashes.as_ref().map(|hashes| &hashes.0[0].content.0);
            assert_eq!(listed, known, "{}", own.name);
            assert!(own.licenses.is_some(), "{}", own.name);
        }
        for dependency in bom.dependencies.unwrap().0 {
            let known = |name: &String| references.contains(name) || name.starts_with("hengping@");
            assert!(known(&dependency.dependency_ref) && dependency.dependencies.iter().all(known));
        }
    }
}
