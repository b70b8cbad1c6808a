use super::*;

#[test]
fn full_width_digits_and_blanks_become_plain() {
    assert_eq!(normalise("　９１６２　０００\u{a0}\n"), "9162 000");
    assert_eq!(plain("\u{feff}９１６２\u{202c}"), "9162");
}

#[test]
fn what_turns_text_around_or_is_no_character_is_not_kept() {
    let typed = "很好\u{202e}差很\u{202c}\u{7}\u{1b}[31m\u{fffe}\u{1ffff}\u{85}，\r\n\t通过\u{2066}";
    assert_eq!(kept(typed), "很好差很[31m，\r\n\t通过");
    // A variant of a character is part of what is seen.
    assert_eq!(kept("葛\u{e0100}👩\u{200d}🔬"), "葛\u{e0100}👩\u{200d}🔬");
    assert_eq!(normalise("标\u{202e}题\u{fffe} "), "标题");
}

#[test]
fn chinese_brackets_stay_in_text_but_not_in_keys() {
    assert_eq!(normalise("西部（集团）公司"), "西部（集团）公司");
    assert_eq!(name_key("西部（集团） 公司"), name_key("西部(集团)公司"));
}

#[test]
fn what_looks_the_same_has_one_key() {
    let same = [
        ("高文立", "⾼⽂⽴"),
        ("高文立", "高 文　立"),
        ("李明哲", "李\u{202c}明哲"),
        ("李明哲", "\u{200e}李明\u{200b}哲\u{ad}"),
        ("葛洪", "葛\u{e0100}洪"),
        ("韦民生", "⻙⺠生"),
        ("西长青", "⻄⻓⻘"),
        ("金龙", "金\u{f9c4}"),
        ("兰州大学", "蘭州大學"),
        ("刘伟", "劉偉"),
        ("ZJ001", "ｚｊ００１"),
        ("西部（甘肃）公司", "西部(甘肅)公司"),
        ("JOHN SMITH", "John  Smith"),
        ("A-1", "A—1"),
        ("José", "Jose\u{301}"),
    ];
    for (left, right) in same {
        assert_eq!(name_key(left), name_key(right), "{left} {right}");
    }
    for dot in ['·', '‧', '・', '•', '．', '.', '∙', '･', '⋅', '●', '。'] {
        assert_eq!(name_key(&format!("艾尔肯{dot}示例")), "艾尔肯示例", "{dot}");
        assert_eq!(name_key(&format!("艾尔肯 {dot} 示例")), "艾尔肯示例", "{dot}");
    }
}

#[test]
fn what_differs_keeps_its_own_key() {
    let apart =
        [("Maria Garcia", "MariaGarcia"), ("ZJ.01", "ZJ01"), ("李明", "李明哲"), ("于明", "余明"), ("1.5", "15")];
    for (left, right) in apart {
        assert_ne!(name_key(left), name_key(right), "{left} {right}");
    }
    assert_eq!(name_key("示例 ABC 公司"), "示例ABC公司");
}

#[test]
fn a_key_is_its_own_key() {
    for text in ["蘭州（新區）‧ Maria  Garcia", "⻙⺠生", "ｚｊ００１", " 艾尔肯 . 示例 "] {
        assert_eq!(name_key(&name_key(text)), name_key(text), "{text}");
    }
}

#[test]
fn a_mark_nobody_sees_is_named() {
    assert_eq!(first_invisible("9162\u{202c}").map(named).as_deref(), Some("U+202C"));
    assert_eq!(first_invisible("a\u{0}b").map(named).as_deref(), Some("U+0000"));
    assert_eq!(first_invisible("艾尔肯·示例\t\n"), None);
}
