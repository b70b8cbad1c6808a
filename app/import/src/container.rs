//! The outer file: which format it is, and whether it may be unpacked at all.

use crate::report::Unreadable;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::read::ZipFile;

const MB: u64 = 1024 * 1024;
/// Most parts: a workbook of fifty sheets with drawings and notes has a few hundred.
pub const MAX_PARTS: usize = 2000;
/// Most bytes all parts together may unpack to.
pub const MAX_UNPACKED: u64 = 200 * MB;
/// Most bytes one part (a sheet, the shared strings) may unpack to.
pub const MAX_PART: u64 = 50 * MB;
/// Highest ratio of unpacked to packed size, for parts large enough to matter.
pub const MAX_RATIO: u64 = 200;
/// Below this size a high ratio is ordinary: a template full of equal rows.
const RATIO_FROM: u64 = 5 * MB;

/// Refuses everything but a plain zip of bearable size.
///
/// The declared sizes are looked at first because that costs nothing; they can lie, so every part is then unpacked
/// once into nowhere, with the same limits, before the parser keeps any of it.
pub fn check(bytes: &[u8]) -> Result<(), Unreadable> {
    format_of(bytes)?;
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| Unreadable::Broken(e.to_string()))?;
    if zip.len() > MAX_PARTS {
        return Err(Unreadable::TooManyParts { found: zip.len(), limit: MAX_PARTS });
    }
    let mut declared = 0;
    for i in 0..zip.len() {
        let part = zip.by_index_raw(i).map_err(|e| Unreadable::Broken(e.to_string()))?;
        if part.encrypted() {
            return Err(Unreadable::Encrypted);
        }
        bearable(&name_of(&part), part.size(), part.compressed_size())?;
        declared = total(declared, part.size())?;
    }
    let mut unpacked = 0;
    for i in 0..zip.len() {
        let part = zip.by_index(i).map_err(|e| Unreadable::Broken(e.to_string()))?;
        let (name, packed) = (name_of(&part), part.compressed_size());
        let size = std::io::copy(&mut part.take(MAX_PART + 1), &mut std::io::sink())
            .map_err(|e| Unreadable::Broken(e.to_string()))?;
        bearable(&name, size, packed)?;
        unpacked = total(unpacked, size)?;
    }
    Ok(())
}

fn format_of(bytes: &[u8]) -> Result<(), Unreadable> {
    const COMPOUND: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    if bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(());
    }
    if bytes.starts_with(&COMPOUND) {
        // An encrypted .xlsx is a compound file with this stream; its name is UTF-16 in the directory.
        let stream: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let encrypted = bytes.windows(stream.len()).any(|window| window == stream);
        return Err(if encrypted { Unreadable::Encrypted } else { Unreadable::LegacyFormat });
    }
    // A text in UTF-16 begins with its mark.
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(Unreadable::PlainText);
    }
    let head = &bytes[..bytes.len().min(4096)];
    let control = |b: &u8| *b < 0x20 && !matches!(b, b'\t' | b'\r' | b'\n');
    Err(if head.iter().any(control) { Unreadable::NotWorkbook } else { Unreadable::PlainText })
}

fn name_of<R: Read>(part: &ZipFile<'_, R>) -> String {
    part.name().map_or_else(|_| "某部件".to_owned(), Into::into)
}

fn bearable(name: &str, size: u64, packed: u64) -> Result<(), Unreadable> {
    if size > MAX_PART {
        return Err(Unreadable::TooLarge { part: name.to_owned(), megabytes: size / MB, limit: MAX_PART / MB });
    }
    let ratio = size / packed.max(1);
    if size > RATIO_FROM && ratio > MAX_RATIO {
        return Err(Unreadable::Ratio { part: name.to_owned(), ratio, limit: MAX_RATIO });
    }
    Ok(())
}

fn total(so_far: u64, size: u64) -> Result<u64, Unreadable> {
    let sum = so_far.saturating_add(size);
    if sum > MAX_UNPACKED {
        return Err(Unreadable::TooLarge {
            part: "全部内容".to_owned(),
            megabytes: sum / MB,
            limit: MAX_UNPACKED / MB,
        });
    }
    Ok(sum)
}
