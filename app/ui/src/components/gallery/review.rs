use chrono::NaiveDate;
use leptos::prelude::*;

use crate::components::{
    Axis, Card, CardBody, Figure, KeyValue, KeyValues, KeyValuesLayout, Legend, Mark, MarkState, Matrix, Post, Seat,
    SeatState, Seats, Tag, Timeline, Tone,
};

const RULES: [(char, &str, MarkState); 6] = [
    ('同', "同一法人", MarkState::Firm),
    ('历', "三年内任职", MarkState::Firm),
    ('竞', "同榜竞争", MarkState::Firm),
    ('师', "师生合作", MarkState::Open),
    ('请', "申请回避", MarkState::Open),
    ('历', "已排除", MarkState::Lifted),
];

/// A matrix of 22 experts and 34 applications in three panels, marked by a fixed pattern.
#[must_use]
pub fn sample_matrix() -> (Vec<Axis>, Vec<Axis>, Vec<Mark>) {
    let panels = ["冶金有色", "能源化工", "电子信息"];
    let rows = (1..=22).map(|i| {
        let panel = panels[(i - 1) / 8];
        Axis::new(format!("{panel} 技-{i:02}"), panel).href("#expert")
    });
    let columns = (0..34).map(|i| {
        let letter = ["A", "B", "C", "D"][i / 9];
        Axis::new(format!("{letter}-{:03}", 11 + i % 9), panels[(i / 12).min(2)]).href("#application")
    });
    let marks = (0..22 * 34).filter(|n| (n * 7919) % 13 == 5 && n % 3 != 1).map(|n| {
        let (letter, rule, state) = RULES[n % 11 % RULES.len()];
        Mark { row: n / 34, column: n % 34, letter, rule: rule.to_owned(), state, href: format!("#pair-{n}") }
    });
    (rows.collect(), columns.collect(), marks.collect())
}

fn day(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default()
}

/// The career of an invented expert.
#[must_use]
pub fn sample_posts() -> Vec<Post> {
    let post = |unit: &str, role: &str, from, to| Post { unit: unit.to_owned(), role: role.to_owned(), from, to };
    vec![
        post("西部工业大学材料学院", "讲师", day(2014, 7), Some(day(2019, 6))),
        post("河西有色研究院", "高级工程师", day(2019, 7), Some(day(2023, 4))),
        post("西部工业大学", "教授", day(2023, 5), None),
        post("陇原新材股份有限公司", "独立董事", day(2018, 1), Some(day(2021, 12))),
    ]
}

pub(super) fn section() -> AnyView {
    let (rows, columns, marks) = sample_matrix();
    let selected = marks.first().map(|mark| (mark.row, mark.column));
    view! {
        <Card title="回避矩阵" actions=|| view! { <Legend items=RULES.to_vec() /> } body=CardBody::Flush>
            <Matrix label="回避矩阵" rows=rows columns=columns marks=marks selected=selected />
        </Card>
        <div class="halves">
            <Card title="任职经历">
                <Timeline label="任职经历与三年回溯" posts=sample_posts() since=day(2022, 9) until=day(2025, 9) />
            </Card>
            <Card title="技-06 × A-018" actions=|| view! { <Tag label="确定" tone=Tone::Bad glyph="▲" /> }>
                <KeyValues layout=KeyValuesLayout::Above items=evidence() />
            </Card>
        </div>
        <Card title="评审会看板与抽取" hint="投影时独占全屏" body=CardBody::Stacked>
            <div class="figures">
                <Figure label="已签到" value="6" of="/ 7" />
                <Figure label="评分表" value="58" of="/ 79" />
                <Figure label="剩余时间" value="1:42:10" />
            </div>
            <Seats seats=seats() />
        </Card>
    }
    .into_any()
}

/// The facts behind one mark.
#[must_use]
pub fn evidence() -> Vec<KeyValue> {
    vec![
        KeyValue::new("规则", view! { <b>"R4 三年内与申报单位存在劳动关系"</b> }),
        KeyValue::new("依据", "政府采购法实施条例 第九条（一）"),
        KeyValue::new("项目", "高纯电解铜箔制备技术攻关")
            .source("牵头：陇原新材股份有限公司（虚构）；参与：河西有色研究院、西部工业大学"),
        KeyValue::new("证据", view! { "专家 2019年7月 至 " <b>"2023年4月30日"</b> " 任河西有色研究院高级工程师" })
            .source("专家库履历，2025年6月1日 更新；回溯期 2022年9月15日 起"),
        KeyValue::new("影响", "A-018 剩余有效专家 6 位；本规则在本组共排除 9 对"),
        KeyValue::new("处理", "自动认定，不可撤销；可由专家或单位申诉"),
    ]
}

fn seats() -> Vec<Seat> {
    let seat = |seat: &str, name: &str, state, words: &str| Seat {
        seat: seat.to_owned(),
        name: name.to_owned(),
        state,
        words: words.to_owned(),
    };
    vec![
        seat("1 号 组长", "专家 E-07", SeatState::Ready, "已签到并承诺"),
        seat("2 号", "专家 E-12", SeatState::Ready, "已签到并承诺"),
        seat("3 号", "专家 E-31", SeatState::Waiting, "已签到，待承诺"),
        seat("4 号", "专家 E-23", SeatState::Barred, "落选：三年内任职"),
        seat("5 号", "—", SeatState::Away, "待抽取"),
    ]
}
