//! 专业匹配: how close an expert's field is to what is to be reviewed, by words, explained by the words they share.
//!
//! Chinese text is cut by jieba; a word weighs its frequency times ln((1 + N) / (1 + n)) + 1 over the N texts compared, of which n hold it; closeness is the
//! cosine of the two weight vectors.
//!
//! Source: Manning, Raghavan, Schütze (2008), Introduction to Information Retrieval, §6.2–6.3.

use jieba_rs::Jieba;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

/// Words that name no field.
const EMPTY: [&str; 28] = [
    "研究",
    "技术",
    "开发",
    "关键",
    "应用",
    "工程",
    "工程化",
    "示范",
    "产业化",
    "项目",
    "任务",
    "方向",
    "领域",
    "及其",
    "以及",
    "进行",
    "相关",
    "有关",
    "系统",
    "方法",
    "工艺",
    "装备",
    "设备",
    "材料",
    "成套",
    "制备",
    "生产",
    "管理",
];

/// Whether a word is made of empty words alone: 关键技术.
fn is_empty_word(word: &str) -> bool {
    EMPTY.iter().fold(word.to_owned(), |rest, empty| rest.replace(empty, "")).is_empty()
}

fn jieba() -> &'static Jieba {
    static DICTIONARY: OnceLock<Jieba> = OnceLock::new();
    DICTIONARY.get_or_init(Jieba::new)
}

/// The words of one text with their number.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Words(BTreeMap<String, f64>);

impl Words {
    /// Words of two characters or more, without numbers and empty words.
    pub fn of(text: &str) -> Self {
        let mut words = BTreeMap::new();
        for word in jieba().cut_for_search(text, true) {
            let word = word.word.trim();
            let long = word.chars().count() >= 2 && word.chars().all(char::is_alphanumeric);
            if long && !word.chars().all(|c| c.is_ascii_digit()) && !is_empty_word(word) {
                *words.entry(word.to_lowercase()).or_insert(0.0) += 1.0;
            }
        }
        Self(words)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The number of compared texts that hold each word.
#[derive(Debug, Clone)]
pub struct Rarity {
    texts: f64,
    holding: HashMap<String, f64>,
}

/// The closeness of two texts, with the words that cause it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Closeness {
    /// From 0 to 1.
    pub cosine: f64,
    /// Shared words, the weightiest first.
    pub shared: Vec<String>,
}

impl Rarity {
    pub fn over<'a>(texts: impl IntoIterator<Item = &'a Words>) -> Self {
        let mut rarity = Self { texts: 0.0, holding: HashMap::new() };
        for words in texts {
            rarity.texts += 1.0;
            let distinct: HashSet<&String> = words.0.keys().collect();
            for word in distinct {
                *rarity.holding.entry(word.clone()).or_insert(0.0) += 1.0;
            }
        }
        rarity
    }

    fn weight(&self, word: &str, count: f64) -> f64 {
        let holding = self.holding.get(word).copied().unwrap_or(0.0);
        count * (((1.0 + self.texts) / (1.0 + holding)).ln() + 1.0)
    }

    fn length(&self, words: &Words) -> f64 {
        words.0.iter().map(|(word, count)| self.weight(word, *count).powi(2)).sum::<f64>().sqrt()
    }

    /// 0 if either text has no words.
    pub fn closeness(&self, a: &Words, b: &Words) -> Closeness {
        let (a, b) = if a.0.len() <= b.0.len() { (a, b) } else { (b, a) };
        let mut shared: Vec<(f64, &String)> =
            a.0.iter()
                .filter_map(|(word, count)| {
                    let other = b.0.get(word)?;
                    Some((self.weight(word, *count) * self.weight(word, *other), word))
                })
                .collect();
        if shared.is_empty() {
            return Closeness::default();
        }
        shared.sort_by(|x, y| y.0.total_cmp(&x.0).then_with(|| x.1.cmp(y.1)));
        let product: f64 = shared.iter().map(|(weight, _)| weight).sum();
        let cosine = (product / (self.length(a) * self.length(b))).clamp(0.0, 1.0);
        Closeness { cosine, shared: shared.into_iter().map(|(_, word)| word.clone()).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts() -> [Words; 4] {
        [
            "高纯电解铜箔制备工程化示范，铜箔表面处理",
            "铜箔电解工艺与表面处理",
            "中药饮片质量控制",
            "有色金属冶金，镍钴冶炼",
        ]
        .map(Words::of)
    }

    #[test]
    fn the_nearest_field_is_the_one_that_shares_rare_words() {
        let texts = texts();
        let rarity = Rarity::over(&texts);
        let close = rarity.closeness(&texts[0], &texts[1]);
        assert!(close.cosine > 0.3, "{close:?}");
        assert!(close.shared.contains(&"铜箔".to_owned()) && close.shared.contains(&"电解".to_owned()), "{close:?}");
        assert_eq!(rarity.closeness(&texts[0], &texts[2]), Closeness::default());
        assert!(rarity.closeness(&texts[0], &texts[3]).cosine < close.cosine);
    }

    #[test]
    fn a_text_is_as_close_as_can_be_to_itself_and_order_does_not_matter() {
        let texts = texts();
        let rarity = Rarity::over(&texts);
        for a in &texts {
            assert!((rarity.closeness(a, a).cosine - 1.0).abs() < 1e-12);
            for b in &texts {
                assert_eq!(rarity.closeness(a, b), rarity.closeness(b, a));
            }
        }
    }

    #[test]
    fn empty_words_and_empty_texts_count_for_nothing() {
        assert!(Words::of("关键技术研究与开发，2025").is_empty());
        let nothing = Words::of("");
        let rarity = Rarity::over([&nothing]);
        assert_eq!(rarity.closeness(&nothing, &nothing), Closeness::default());
    }
}
