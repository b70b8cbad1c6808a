//! Files that are not what they should be, by accident or on purpose.

use super::*;
use crate::container::MAX_PARTS;
use crate::{MAX_ROWS, Unreadable, applications, experts};
use proptest::prelude::*;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

const HEADER: &str = "专家编号|姓名|来源部门|专家类别|重点领域|工作单位|统一社会信用代码|身份证号";

fn refused(bytes: &[u8]) -> Unreadable {
    experts::read(bytes, crate::Whole::default()).unwrap_err()
}

fn zipped(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn parts_of(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..zip.len())
        .map(|i| {
            let mut part = zip.by_index(i).unwrap();
            let mut content = Vec::new();
            part.read_to_end(&mut content).unwrap();
            (part.name().unwrap().into_owned(), content)
        })
        .collect()
}

#[test]
fn other_formats_are_named() {
    assert_eq!(refused(b""), Unreadable::Empty);
    assert_eq!(refused("姓名,单位\n示例甲,示例大学\n".as_bytes()), Unreadable::PlainText);
    let utf16: Vec<u8> = "\u{feff}姓名,单位\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(refused(&utf16), Unreadable::PlainText);
    assert_eq!(refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old workbook"), Unreadable::LegacyFormat);
    let mut encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(refused(&encrypted), Unreadable::Encrypted);
    assert_eq!(refused(b"%PDF-1.7\n\x00\x01"), Unreadable::NotWorkbook);
    assert_eq!(refused(&zipped(&[("a.txt".to_owned(), b"a".to_vec())])), Unreadable::NotWorkbook);
    assert!(refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1").to_string().contains("另存为 .xlsx"));
}

#[test]
fn a_cut_file_is_broken_and_not_empty() {
    let whole = experts::template();
    let Unreadable::Broken(_) = refused(&whole[..whole.len() / 2]) else { panic!() };
}

#[test]
fn zip_bombs_are_refused_before_they_are_parsed() {
    let mut parts = parts_of(&experts::template());
    parts.push(("xl/bomb.xml".to_owned(), vec![b' '; 20 << 20]));
    let Unreadable::Ratio { .. } = refused(&zipped(&parts)) else { panic!() };
    parts.pop();
    parts.push(("xl/bomb.xml".to_owned(), vec![b' '; 60 << 20]));
    let Unreadable::TooLarge { .. } = refused(&zipped(&parts)) else { panic!() };
}

#[test]
fn a_zip_of_countless_parts_is_refused() {
    let mut parts = parts_of(&experts::template());
    parts.extend((0..=MAX_PARTS).map(|n| (format!("xl/{n}.xml"), Vec::new())));
    let Unreadable::TooManyParts { limit: MAX_PARTS, .. } = refused(&zipped(&parts)) else { panic!() };
}

#[test]
fn ranges_that_end_before_they_begin_are_refused() {
    for broken in [
        "<dimension ref=\"B2:A1\"/>",
        "<dimension ref=\"A9:C2\"/>",
        "<mergeCells><mergeCell ref=\"D1:B4\"/></mergeCells>",
        "<mergeCells><mergeCell ref=\"A1:A2:A3\"/></mergeCells>",
    ] {
        let mut parts = parts_of(&experts::template());
        for (_, content) in parts.iter_mut().filter(|(name, _)| name.ends_with("/sheet1.xml")) {
            let text = String::from_utf8(content.clone()).unwrap();
            let place = if broken.contains("dimension") { "<sheetData" } else { "</worksheet>" };
            *content = text.replacen(place, &format!("{broken}{place}"), 1).into_bytes();
        }
        let Unreadable::Broken(_) = refused(&zipped(&parts)) else { panic!("{broken}") };
    }
}

#[test]
fn a_declared_size_that_lies_does_not_help_a_bomb() {
    let mut parts = parts_of(&experts::template());
    let size: u32 = 20 << 20;
    parts.push(("xl/bomb.xml".to_owned(), vec![b' '; size as usize]));
    let mut bytes = zipped(&parts);
    let lie = 1000_u32.to_le_bytes();
    for at in 0..bytes.len() - 4 {
        if bytes[at..at + 4] == size.to_le_bytes() {
            bytes[at..at + 4].copy_from_slice(&lie);
        }
    }
    let error = refused(&bytes);
    assert!(matches!(error, Unreadable::Ratio { .. } | Unreadable::Broken(_)), "{error:?}");
}

#[test]
fn too_many_rows_are_refused() {
    let mut rows = vec![line(HEADER)];
    rows.extend((0..=MAX_ROWS).map(|i| line(&format!("ZJ-{i}"))));
    let Unreadable::TooManyRows { .. } = refused(&book(&[("专家", rows)])) else { panic!() };
}

#[test]
fn a_huge_merged_block_costs_nothing() {
    let rows = lines(&[HEADER, "ZJ-1|示例甲|省工信厅|技术|新材料|示例大学||", "", "注：无"]);
    let bytes = book_with(&[("专家", rows)], |_, sheet| {
        sheet.merge_range(3, 0, 3, 3, "注：无", &Format::new()).unwrap();
    });
    let mut parts = parts_of(&bytes);
    for (_, content) in &mut parts {
        *content = String::from_utf8_lossy(content).replace("A4:D4", "A4:XFD1048576").into_bytes();
    }
    assert_eq!(experts::read(&zipped(&parts), crate::Whole::default()).unwrap().rows.len(), 1);
}

#[test]
fn many_cells_sharing_one_long_text_are_refused() {
    let long = "长".repeat(30_000);
    let mut rows = vec![line(HEADER)];
    rows.extend((0..100).map(|_| vec![Put::Text(long.clone()); 8]));
    let Unreadable::TooMuch { .. } = refused(&book(&[("专家", rows)])) else { panic!() };
}

#[test]
fn too_many_sheets_are_refused() {
    let names: Vec<String> = (0..61).map(|i| format!("表{i}")).collect();
    let sheets: Vec<_> = names.iter().map(|name| (name.as_str(), lines(&["甲"]))).collect();
    let Unreadable::TooManySheets { found: 61, .. } = refused(&book(&sheets)) else { panic!() };
}

/// An error value of a newer Excel does not make the whole file unreadable.
#[test]
fn unknown_error_values_are_a_problem_of_their_sheet() {
    let mut parts = parts_of(&book(&[(
        "专家",
        vec![
            line(HEADER),
            with("ZJ-1|示例甲|省工信厅|技术|新材料|示例大学||", 4, Put::Formula("=A1", "#N/A")),
            line("ZJ-2|示例乙|省工信厅|技术|新材料|示例大学||"),
        ],
    )]));
    for (_, content) in &mut parts {
        let text = String::from_utf8_lossy(content).replace("#N/A", "#SPILL!");
        *content = text.into_bytes();
    }
    let parsed = experts::read(&zipped(&parts), crate::Whole::default()).unwrap();
    assert_eq!(parsed.rows.len(), 1);
    assert_eq!(parsed.problems[0].cell, "E2");
}

fn sample() -> Vec<u8> {
    book_with(
        &[
            (
                "专家",
                lines(&[HEADER, "ZJ-1|示例甲|省工信厅|技术|新材料|示例大学|916200000000000004|620102199001010011"]),
            ),
            (
                "任职经历",
                vec![
                    line("专家编号|关系|单位名称|职务|起始时间|结束时间"),
                    with("ZJ-1|董事|示例公司|独立董事||至今", 4, Put::Date(2021, 3, 1)),
                ],
            ),
        ],
        |_, sheet| {
            sheet.merge_range(6, 0, 7, 3, "注：示例", &Format::new()).unwrap();
        },
    )
}

fn survive(bytes: &[u8]) {
    let _ = experts::read(bytes, crate::Whole::default());
    let _ = applications::read(bytes, crate::Whole::default());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000), zip in any::<bool>()) {
        let bytes = if zip { [b"PK\x03\x04".as_slice(), &bytes].concat() } else { bytes };
        survive(&bytes);
    }

    #[test]
    fn damaged_files_never_panic(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = sample();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        survive(&bytes);
    }

    /// The damage is inside the parts, so that the zip is sound and the parser sees it.
    #[test]
    fn damaged_parts_never_panic(
        part in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"<>/\"=0129AZ&; -.e\xff".to_vec())), 1..6),
    ) {
        let mut parts = parts_of(&sample());
        let part = part.index(parts.len());
        for (at, byte) in changes {
            let content = &mut parts[part].1;
            let at = at.index(content.len());
            content[at] = byte;
        }
        survive(&zipped(&parts));
    }

    #[test]
    fn odd_cells_never_panic(cells in proptest::collection::vec(proptest::collection::vec("\\PC{0,12}", 8), 1..6)) {
        let mut rows = vec![line(HEADER)];
        rows.extend(cells.iter().map(|row| row.iter().map(|text| Put::from(text.as_str())).collect::<Vec<_>>()));
        survive(&book(&[("专家", rows.clone()), ("汇总表", rows)]));
    }
}

/// Printed, not asserted: `cargo test --release -p import five_thousand -- --nocapture`.
#[test]
fn five_thousand_experts_are_read() {
    let mut experts = vec![line(HEADER)];
    let mut ties = vec![line("专家编号|关系|单位名称|职务|起始时间|结束时间")];
    for i in 0..5000 {
        experts.push(line(&format!(
            "ZJ-{i:05}|示例{i}|省工信厅|技术|新材料、电子信息|示例单位{}|916200000000000004|",
            i % 300
        )));
        for k in 0..3 {
            ties.push(line(&format!("ZJ-{i:05}|任职|示例单位{}|工程师|201{k}年3月|202{k}-06", i + k)));
        }
    }
    let bytes = book(&[("专家", experts), ("任职经历", ties)]);
    let start = std::time::Instant::now();
    let parsed = experts::read(&bytes, crate::Whole::default()).unwrap();
    println!("5,000 experts, 15,000 ties, {} kB: {:?}", bytes.len() / 1024, start.elapsed());
    assert_eq!(parsed.rows.len(), 5000);
    assert_eq!(told(&parsed.problems), Vec::<String>::new());
}
