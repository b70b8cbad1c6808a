//! 假定核查 in words: what holds with ✓, what does not with ▲.

use super::figures::signed;
use crate::components::{Card, Tag, Tone};
use leptos::prelude::*;
use service::calibration::{ExpertLine, Record};

/// A finding and whether it is good news.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    tone: Tone,
    text: String,
}

fn finding(holds: bool, good: String, bad: String) -> Finding {
    if holds { Finding { tone: Tone::Good, text: good } } else { Finding { tone: Tone::Warn, text: bad } }
}

fn connected(record: &Record) -> Finding {
    finding(record.components <= 1, "评审图连通".to_owned(), format!("评审图分为{}个互不相连的部分", record.components))
}

fn balance(record: &Record) -> Option<Finding> {
    let largest = record.panels.iter().map(|p| p.size).max()?;
    let smallest = record.panels.iter().map(|p| p.size).min().filter(|n| *n > 0)?;
    let ratio = format!("组间规模比 {:.1}", largest as f64 / smallest as f64);
    Some(finding(largest <= 2 * smallest, ratio.clone(), format!("{ratio}（超过2）")))
}

fn coefficients(record: &Record) -> Option<Finding> {
    let known = || record.panels.iter().filter_map(|p| p.coefficient);
    let (low, high) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    let range = format!("各组修正系数 {low:.3}–{high:.3}");
    low.is_finite().then(|| finding(low >= 0.9 && high <= 1.1, range.clone(), format!("{range}，超出0.90–1.10")))
}

fn agreement(record: &Record) -> Option<Finding> {
    let known = || record.panels.iter().filter_map(|p| p.icck);
    let (low, high) = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    let range =
        format!("组内一致性 ICC(k)（同组专家的平均分有多可靠，1为完全可靠）{low:.2}–{high:.2}").replace('-', "−");
    low.is_finite().then(|| finding(low >= 0.6, range.clone(), format!("{range}，最低不足0.60")))
}

/// Whether the expert's interval excludes zero.
pub fn stands_out(expert: &ExpertLine) -> bool {
    expert.effect.zip(expert.se).is_some_and(|(effect, se)| effect.abs() > super::Z90 * se)
}

pub const fn leaning(effect: f64) -> &'static str {
    if effect < 0.0 { "偏严" } else { "偏宽" }
}

/// The expert whose severity stands out most.
fn strictest(record: &Record) -> Option<Finding> {
    let all = record.experts.iter().filter(|e| stands_out(e));
    let count = all.clone().count();
    let (expert, effect, se) =
        all.filter_map(|e| Some((e, e.effect?, e.se?))).max_by(|(_, a, _), (_, b, _)| a.abs().total_cmp(&b.abs()))?;
    let (code, lean) = (&expert.code, leaning(effect));
    let more = if count > 1 { format!("，等{count}名") } else { String::new() };
    let text = format!("专家 {code} {lean} {} ± {:.1}{more}", signed(effect, 1), super::Z90 * se);
    Some(Finding { tone: Tone::Warn, text })
}

/// The findings that matter most, for the head of the ranking.
pub fn chips(record: &Record) -> AnyView {
    let all = [Some(connected(record)), balance(record), coefficients(record), agreement(record), strictest(record)];
    let tags = all.into_iter().flatten().map(|f| view! { <Tag label=f.text tone=f.tone /> }).collect_view();
    view! { <div class="row">{tags}</div> }.into_any()
}

/// Lines about single sheets are many and alike; they fold away.
fn is_sheet(line: &str) -> bool {
    line.starts_with("专家 ") || line.starts_with("另有 ")
}

pub fn card(record: &Record) -> impl IntoView + use<> {
    let (sheets, lines): (Vec<_>, Vec<_>) = record.checks.iter().cloned().partition(|line| is_sheet(line));
    let mut good: Vec<Finding> = [Some(connected(record)), balance(record), coefficients(record), agreement(record)]
        .into_iter()
        .flatten()
        .filter(|f| f.tone == Tone::Good)
        .collect();
    if sheets.is_empty() {
        good.push(Finding { tone: Tone::Good, text: "没有评分偏离其项目均值超过30%".to_owned() });
    }
    let open = lines.len() + usize::from(!sheets.is_empty());
    let told = |tone: Tone, text: String| item(tone, view! { <span>{text}</span> }.into_any());
    let warned = lines.into_iter().map(|text| told(Tone::Warn, text)).collect_view();
    let good = good.into_iter().map(|f| told(f.tone, f.text)).collect_view();
    let count = sheets.len();
    let outliers = (count > 0).then(|| {
        let lines = sheets.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
        let words = view! {
            <details>
                <summary>{format!("{count}条评分偏离提示：偏离其项目均值超过30%，应书面说明")}</summary>
                <ul class="small">{lines}</ul>
            </details>
        };
        item(Tone::Warn, words.into_any())
    });
    let hint = if open == 0 {
        "全部成立".to_owned()
    } else {
        format!("{open}项须留意；不改变计算，供判断时参考")
    };
    view! {
        <Card title="假定核查" hint=hint>
            <ul class="findings">{warned} {outliers} {good}</ul>
        </Card>
    }
}

fn item(tone: Tone, words: AnyView) -> impl IntoView {
    let said = if tone == Tone::Warn { "留意：" } else { "成立：" };
    view! {
        <li class=tone.class()>
            <i aria-hidden="true">{tone.glyph()}</i>
            <span class="sr">{said}</span>
            {words}
        </li>
    }
}
