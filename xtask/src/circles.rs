//! Refuses circles of imports inside a package. A parent and the modules below it may use each other.

use std::collections::{BTreeMap, BTreeSet};

/// The words of a path inside a package, without the package's name.
type Module = Vec<String>;

/// A package's modules with their texts.
#[derive(Default)]
pub struct Sources(BTreeMap<Module, String>);

impl Sources {
    /// Adds a file by its path below `src`, such as `draw/lot.rs`. Tests are left out.
    pub fn add(&mut self, path: &str, text: &str) {
        let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
        let module: Module = path.split('/').map(str::to_owned).collect();
        if module.iter().any(|name| name == "tests" || name == "bin") {
            return;
        }
        let root = matches!(path, "lib" | "main");
        self.0.insert(if root { Module::new() } else { module }, code(text));
    }

    /// Every circle, as a line that names its modules and the names that tie them.
    pub fn circles(&self) -> Vec<String> {
        let arrows: BTreeMap<_, _> = self.0.keys().map(|module| (module, self.arrows(module))).collect();
        let reachable: BTreeMap<_, _> = self.0.keys().map(|module| (module, reach(module, &arrows))).collect();
        let mut told = BTreeSet::new();
        let mut found = Vec::new();
        for module in self.0.keys().filter(|module| reachable[module].contains(*module)) {
            if told.contains(module) {
                continue;
            }
            let circle: Vec<_> = self
                .0
                .keys()
                .filter(|other| reachable[module].contains(*other) && reachable[other].contains(module))
                .collect();
            told.extend(circle.iter().copied());
            let ties = circle.iter().flat_map(|from| {
                let inside = arrows[from].iter().filter(|(to, _)| circle.contains(to));
                inside.map(move |(to, names)| {
                    let names: Vec<_> = names.iter().map(String::as_str).collect();
                    format!("{} → {}（{}）", from.join("::"), to.join("::"), names.join("、"))
                })
            });
            found.push(ties.collect::<Vec<_>>().join("；"));
        }
        found
    }

    /// The modules that one uses, with the names it takes from each.
    fn arrows(&self, from: &Module) -> BTreeMap<Module, BTreeSet<String>> {
        let mut arrows: BTreeMap<Module, BTreeSet<String>> = BTreeMap::new();
        for path in paths(&self.0[from]) {
            let Some((to, name)) = absolute(from, &path).and_then(|path| self.home(&path, 8)) else { continue };
            if !to.starts_with(from) && !from.starts_with(&to) {
                arrows.entry(to).or_default().insert(name);
            }
        }
        arrows
    }

    /// The module in which a path ends and the name taken from it. Re-exports are followed, at most `steps` of them.
    fn home(&self, path: &Module, steps: u8) -> Option<(Module, String)> {
        let length = (0..=path.len()).rev().find(|length| self.0.contains_key(&path[..*length]))?;
        let (module, rest) = (path[..length].to_vec(), &path[length..]);
        let Some(name) = rest.first() else {
            let name = module.last()?.clone();
            return Some((module, name));
        };
        if steps > 0 {
            for exported in exports(&self.0[&module]) {
                if exported.last() == Some(name)
                    && let Some(target) = absolute(&module, &exported).or_else(|| self.child(&module, &exported))
                {
                    return self.home(&target, steps - 1);
                }
            }
        }
        Some((module, name.clone()))
    }

    /// `child::Name` without `self::` before it.
    fn child(&self, module: &Module, path: &Module) -> Option<Module> {
        let path = [&module[..], &path[..]].concat();
        self.0.contains_key(&path[..=module.len()]).then_some(path)
    }
}

fn reach<'a>(from: &Module, arrows: &'a BTreeMap<&Module, BTreeMap<Module, BTreeSet<String>>>) -> BTreeSet<&'a Module> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<_> = arrows[from].keys().collect();
    while let Some(next) = open.pop() {
        if seen.insert(next) {
            open.extend(arrows[next].keys());
        }
    }
    seen
}

/// The text without comments and without what follows the first `#[cfg(test)]` before a module with a body.
fn code(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        if line.starts_with("mod tests {") {
            break;
        }
        lines.push(line.split("//").next().unwrap_or_default());
    }
    lines.join("\n")
}

/// A path as seen from the package's root; `None` if it does not begin with `crate`, `self` or `super`.
fn absolute(from: &Module, path: &[String]) -> Option<Module> {
    let mut base = from.clone();
    let mut rest = path;
    match rest.first()?.as_str() {
        "crate" => base.clear(),
        "self" => {}
        "super" => {
            base.pop();
        }
        _ => return None,
    }
    rest = &rest[1..];
    while rest.first().is_some_and(|name| name == "super") {
        base.pop();
        rest = &rest[1..];
    }
    base.extend_from_slice(rest);
    Some(base)
}

/// Every path that begins with `crate`, `self` or `super`, in `use` lines and elsewhere.
fn paths(code: &str) -> Vec<Module> {
    let mut found = Vec::new();
    for start in ["crate::", "self::", "super::"] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back().unwrap_or(' ');
            if !before.is_alphanumeric() && before != '_' && before != ':' && before != '$' {
                expand(&code[at..], &Module::new(), &mut found);
            }
        }
    }
    found
}

/// The paths of `pub use` lines.
fn exports(code: &str) -> Vec<Module> {
    let mut found = Vec::new();
    for line in code.split(';').map(str::trim) {
        let Some(at) = line.find("pub") else { continue };
        if let Some((_, path)) = line[at..].split_once("use ")
            && !line[at..].contains("fn ")
        {
            expand(path.trim(), &Module::new(), &mut found);
        }
    }
    found
}

/// Reads one path with its braces; returns what follows it.
fn expand<'a>(text: &'a str, before: &Module, found: &mut Vec<Module>) -> &'a str {
    let mut path = before.clone();
    let mut rest = text;
    loop {
        if let Some(inside) = rest.strip_prefix('{') {
            let mut inside = inside.trim_start();
            while !inside.is_empty() && !inside.starts_with('}') {
                let after = expand(inside, &path, found).trim_start();
                let after = after.strip_prefix(',').map_or(after, str::trim_start);
                if after.len() == inside.len() {
                    return after;
                }
                inside = after;
            }
            return inside.strip_prefix('}').unwrap_or(inside);
        }
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        if end > 0 && (path.is_empty() || rest[..end] != *"self") {
            path.push(rest[..end].to_owned());
        }
        rest = &rest[end..];
        match rest.strip_prefix("::") {
            Some(after) => rest = after,
            None => break,
        }
    }
    if path != *before || text.starts_with("self") {
        found.push(path);
    }
    match rest.trim_start().strip_prefix("as ") {
        Some(alias) => alias.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_'),
        None => rest,
    }
}

#[cfg(test)]
mod tests {
    use super::Sources;

    fn circles(files: &[(&str, &str)]) -> Vec<String> {
        let mut sources = Sources::default();
        for (path, text) in files {
            sources.add(path, text);
        }
        sources.circles()
    }

    #[test]
    fn two_modules_that_use_each_other_are_named_with_what_ties_them() {
        let found = circles(&[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::{Left, inner::{self, Right}};"),
            ("b.rs", "fn f() { super::a::go() }"),
        ]);
        assert_eq!(found, ["a → b（Left、inner）；b → a（go）"]);
    }

    #[test]
    fn a_parent_and_its_child_may_use_each_other() {
        let found = circles(&[("a.rs", "mod b; use self::b::Down; use b::Down;"), ("a/b.rs", "use super::Up;")]);
        assert!(found.is_empty(), "{found:?}");
    }

    #[test]
    fn a_name_re_exported_by_the_parent_belongs_to_its_module() {
        let found = circles(&[
            ("a.rs", "mod b; mod c;\npub use b::{One, Two};"),
            ("a/b.rs", "use super::c::Three;"),
            ("a/c.rs", "use super::One;"),
        ]);
        assert_eq!(found, ["a::b → a::c（Three）；a::c → a::b（One）"]);
    }

    #[test]
    fn comments_tests_and_one_way_are_no_circle() {
        let found = circles(&[
            ("a.rs", "use crate::b::Left;"),
            ("b.rs", "// crate::a::X\n#[cfg(test)]\nmod tests {\n use crate::a::X;\n}"),
            ("tests/b.rs", "use crate::a::X; use crate::b::Y;"),
        ]);
        assert!(found.is_empty(), "{found:?}");
    }
}
