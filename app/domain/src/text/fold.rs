//! Folding: one form for all characters that look alike.

use super::{is_han, without_invisible};
use std::collections::HashMap;
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// Words of a simplified character and the traditional ones it stands for.
const VARIANTS: &str = include_str!("variants.txt");

/// Supplementary radicals that stand for a whole character, which NFKC leaves alone (it knows the radicals of Kangxi).
const RADICALS: &str = "⺁厂 ⺄乙 ⺇几 ⺈刀 ⺊卜 ⺌小 ⺍小 ⺎兀 ⺐尢 ⺒巳 ⺓幺 ⺕彐 ⺗心 ⺛旡 ⺜日 ⺝月 ⺞歺 ⺟母 ⺠民 ⺦丬 ⺧牛 ⺩王 ⺪疋 ⺫目 ⺬示 ⺮竹 ⺱网 ⺳网 \
                        ⺶羊 ⺷羊 ⺸羊 ⺻聿 ⺼肉 ⺽臼 ⻁虎 ⻃西 ⻄西 ⻅见 ⻆角 ⻇角 ⻉贝 ⻊足 ⻋车 ⻑長 ⻒長 ⻓长 ⻔门 ⻗雨 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 \
                        ⻞食 ⻟食 ⻠饣 ⻡首 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄 ⻪黾 ⻫斉 ⻬齐 ⻭歯 ⻮齿 ⻯竜 ⻰龙 ⻱龜 ⻲亀 ⻳龟";

static SAME: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let mut same = HashMap::new();
    for word in RADICALS.split_whitespace() {
        let mut chars = word.chars();
        same.extend(chars.next().zip(chars.next()));
    }
    for word in VARIANTS.split_whitespace() {
        let mut chars = word.chars();
        if let Some(simplified) = chars.next() {
            same.extend(chars.map(|traditional| (traditional, simplified)));
        }
    }
    same
});

fn variant(c: char) -> char {
    // A radical may stand for a traditional character.
    SAME.get(&c).map_or(c, |to| SAME.get(to).copied().unwrap_or(*to))
}

/// Dots of minority names. A full stop is one only between Chinese characters.
const fn is_dot(c: char) -> bool {
    matches!(
        c,
        '·' | '‧'
            | '・'
            | '•'
            | '･'
            | '∙'
            | '⋅'
            | '\u{387}'
            | '᛫'
            | '⸱'
            | '●'
            | '∘'
            | '◦'
            | '˙'
            | '⸳'
            | 'ꞏ'
            | '。'
            | '｡'
    )
}

const fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}')
}

pub fn fold(text: &str) -> String {
    let seen = without_invisible(text);
    let chars: Vec<char> = seen
        .nfkc()
        .map(variant)
        .map(|c| if is_dash(c) { '-' } else { c })
        .flat_map(char::to_uppercase)
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();
    let mut out = String::with_capacity(seen.len());
    for (place, c) in chars.iter().enumerate() {
        let before = out.chars().next_back();
        let after = || chars[place + 1..].iter().find(|c| **c != ' ').copied();
        let beside_han = || before.is_some_and(is_han) || after().is_some_and(is_han);
        match c {
            ' ' => {
                // Between words of foreign script, once.
                let apart = before.is_some_and(char::is_alphanumeric) && after().is_some_and(char::is_alphanumeric);
                if apart && !beside_han() {
                    out.push(' ');
                }
            }
            '.' if before.is_some_and(is_han) && after().is_some_and(is_han) => {}
            c if is_dot(*c) => {}
            c => out.push(*c),
        }
    }
    out
}
