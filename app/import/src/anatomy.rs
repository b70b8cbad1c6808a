//! What the parser of values does not tell of a workbook: which rows, columns and sheets nobody sees, and which formulas have no kept result.

use crate::cell::MAX_COLUMNS;
use crate::report::Unreadable;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::{BTreeSet, HashMap};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// What is hidden in one sheet, and its formulas without results.
#[derive(Debug, Default)]
pub struct Anatomy {
    /// Rows with cells, from 0.
    pub hidden_rows: BTreeSet<u32>,
    /// From 0.
    pub hidden_columns: BTreeSet<u16>,
    /// A filter is at work, so hidden rows are those that it leaves out.
    pub filtered: bool,
    pub unvalued: Vec<(u32, u16)>,
}

/// The sheets of a workbook by name.
pub struct Parts<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    paths: HashMap<String, String>,
}

/// Most formulas without results that are remembered of a sheet.
const MAX_UNVALUED: usize = 100_000;

impl<'a> Parts<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| Unreadable::Broken(e.to_string()))?;
        let mut parts = Self { zip, paths: HashMap::new() };
        let book = parts
            .relations("_rels/.rels", "")?
            .into_values()
            .find(|(kind, _)| kind.ends_with("/officeDocument"))
            .map_or_else(|| "xl/workbook.xml".to_owned(), |(_, path)| path);
        let (folder, file) = book.rsplit_once('/').unwrap_or(("", &book));
        let relations = parts.relations(&format!("{folder}/_rels/{file}.rels"), folder)?;
        let text = parts.text(&book)?;
        let mut paths = HashMap::new();
        each_start(&text, |element| {
            if element.local_name().as_ref() == "sheet"
                && let (Some(name), Some(id)) = (attribute(element, "name"), attribute(element, "id"))
                && let Some((_, path)) = relations.get(&id)
            {
                paths.insert(name, path.clone());
            }
        })?;
        parts.paths = paths;
        Ok(parts)
    }

    /// Target and kind of the relations that a part lists, by id.
    fn relations(&mut self, part: &str, folder: &str) -> Result<HashMap<String, (String, String)>, Unreadable> {
        let text = self.text(part)?;
        let mut relations = HashMap::new();
        each_start(&text, |element| {
            let found = ["Id", "Type", "Target"].map(|name| attribute(element, name));
            if let [Some(id), Some(kind), Some(target)] = found {
                relations.insert(id, (kind, resolve(folder, &target)));
            }
        })?;
        Ok(relations)
    }

    /// The text of a part, whatever the case of its name; empty where there is none.
    fn text(&mut self, part: &str) -> Result<String, Unreadable> {
        let broken = |detail: String| Unreadable::Broken(detail);
        let Some(index) = (0..self.zip.len()).find(|index| {
            self.zip
                .name_for_index(*index)
                .is_some_and(|name| name.is_ok_and(|name| name.trim_start_matches('/').eq_ignore_ascii_case(part)))
        }) else {
            return Ok(String::new());
        };
        let mut bytes = Vec::new();
        let part = self.zip.by_index(index).map_err(|e| broken(e.to_string()))?;
        part.take(crate::MAX_PART).read_to_end(&mut bytes).map_err(|e| broken(e.to_string()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    pub fn anatomy(&mut self, sheet: &str) -> Result<Anatomy, Unreadable> {
        let Some(path) = self.paths.get(sheet).cloned() else {
            return Err(Unreadable::Broken(format!("no part of sheet {sheet}")));
        };
        let text = self.text(&path)?;
        scan(&text)
    }
}

/// One pass over a sheet.
fn scan(text: &str) -> Result<Anatomy, Unreadable> {
    let mut anatomy = Anatomy::default();
    let mut row = 0_u32;
    let mut column = 0_u16;
    let mut hidden = false;
    // The cell being read: its place, whether it is a formula, and whether it holds a result.
    let mut cell: Option<(u32, u16)> = None;
    let (mut formula, mut result, mut in_result) = (false, false, false);
    let mut reader = lenient(text);
    loop {
        match reader.read_event().map_err(|e| Unreadable::Broken(e.to_string()))? {
            Event::Start(element) => match element.local_name().as_ref() {
                "dimension" | "mergeCell" | "f" if !has_range(&element) => {
                    return Err(Unreadable::Broken(format!("ref of {}", element.local_name().as_ref())));
                }
                "row" => {
                    row = attribute(&element, "r")
                        .and_then(|r| r.parse::<u32>().ok())
                        .map_or(row, |r| r.saturating_sub(1));
                    column = 0;
                    hidden = is_set(&element, "hidden") || is_zero(&element, "ht");
                }
                "col" => anatomy.columns(&element),
                "filterColumn" => anatomy.filtered = true,
                "c" => {
                    let own = attribute(&element, "r").and_then(|name| place(&name));
                    let (r, c) = own.unwrap_or((row, column));
                    (row, column) = (r, c);
                    cell = Some((r, c));
                    // A formula may well give an empty text.
                    (formula, result) = (false, attribute(&element, "t").as_deref() == Some("str"));
                    if hidden {
                        anatomy.hidden_rows.insert(r);
                    }
                }
                "f" => formula = cell.is_some(),
                "v" | "is" => in_result = cell.is_some(),
                _ => {}
            },
            Event::Text(words) if in_result => result |= !words.trim().is_empty(),
            Event::GeneralRef(_) | Event::CData(_) if in_result => result = true,
            Event::End(element) => match element.local_name().as_ref() {
                "row" => row = row.saturating_add(1),
                "v" | "is" => in_result = false,
                "c" => {
                    if let Some(place) = cell.take().filter(|place| formula && !result && place.1 < MAX_COLUMNS)
                        && anatomy.unvalued.len() < MAX_UNVALUED
                    {
                        anatomy.unvalued.push(place);
                    }
                    column = column.saturating_add(1);
                }
                _ => {}
            },
            Event::Eof => return Ok(anatomy),
            _ => {}
        }
    }
}

impl Anatomy {
    fn columns(&mut self, element: &BytesStart<'_>) {
        if !is_set(element, "hidden") && !is_zero(element, "width") {
            return;
        }
        let number = |name| attribute(element, name).and_then(|n| n.parse::<u16>().ok());
        if let (Some(first), Some(last)) = (number("min"), number("max")) {
            self.hidden_columns.extend((first..=last.min(MAX_COLUMNS)).map(|column| column.saturating_sub(1)));
        }
    }
}

/// As lenient as the parser of values: what it reads is read here too.
fn lenient(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.check_comments = false;
    config.expand_empty_elements = true;
    reader
}

fn each_start(text: &str, mut look: impl FnMut(&BytesStart<'_>)) -> Result<(), Unreadable> {
    let mut reader = lenient(text);
    loop {
        match reader.read_event().map_err(|e| Unreadable::Broken(e.to_string()))? {
            Event::Start(element) => look(&element),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// An attribute by its name without prefix, with references resolved.
fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let found = attributes.with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// The range that an element is for, if it names one, does not end before it begins: the parser of values subtracts the two.
fn has_range(element: &BytesStart<'_>) -> bool {
    let Some(range) = attribute(element, "ref") else { return true };
    let (first, last) = range.split_once(':').unwrap_or((&range, &range));
    place(first).zip(place(last)).is_some_and(|(first, last)| first.0 <= last.0 && first.1 <= last.1)
}

fn is_set(element: &BytesStart<'_>, name: &str) -> bool {
    attribute(element, name).is_some_and(|value| matches!(value.as_str(), "1" | "true"))
}

fn is_zero(element: &BytesStart<'_>, name: &str) -> bool {
    attribute(element, name).and_then(|value| value.parse::<f64>().ok()) == Some(0.0)
}

/// A path that stands in `folder`, from the root of the package.
fn resolve(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("/")
}

/// `C12` as row and column from 0.
fn place(name: &str) -> Option<(u32, u16)> {
    const MOST_LETTERS: usize = 3;
    let digits = name.find(|c: char| c.is_ascii_digit()).filter(|letters| *letters <= MOST_LETTERS)?;
    let row = name[digits..].parse::<u32>().ok()?.checked_sub(1)?;
    let column = name[..digits].bytes().try_fold(0_u32, |column, letter| {
        letter.is_ascii_alphabetic().then(|| column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1)
    })?;
    Some((row, u16::try_from(column.checked_sub(1)?).ok()?))
}

/// The names of columns, runs of them as `C～F`.
pub fn column_names(columns: impl Iterator<Item = u16>) -> Vec<String> {
    let mut runs: Vec<(u16, u16)> = Vec::new();
    for column in columns {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == column => *last = column,
            _ => runs.push((column, column)),
        }
    }
    let name = crate::report::column_name;
    runs.iter().map(|(a, b)| if a == b { name(*a) } else { format!("{}～{}", name(*a), name(*b)) }).collect()
}
