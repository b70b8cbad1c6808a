use leptos::prelude::*;

use crate::components::{
    Bar, BarChart, BoxPlot, Card, IntervalPlot, IntervalRow, PanelSpread, Quota, Ruler, Tone, Zone,
};

/// Ranked scores of the kind the calibration gives: raw, final, half width of the interval, zone (0 in, 1 edge, 2 out).
const RANKED: [(i64, i64, i64, u8); 26] = [
    (8520, 9122, 268, 0),
    (8397, 8646, 490, 0),
    (8614, 8446, 283, 0),
    (8328, 8358, 473, 1),
    (7711, 8356, 266, 0),
    (8271, 8349, 419, 1),
    (8192, 8247, 483, 1),
    (8194, 8184, 304, 1),
    (7578, 8093, 465, 1),
    (7988, 7989, 509, 1),
    (7701, 7956, 436, 1),
    (7659, 7893, 319, 1),
    (7645, 7725, 373, 2),
    (7208, 7677, 478, 1),
    (7683, 7647, 376, 2),
    (7619, 7646, 477, 1),
    (7437, 7552, 305, 2),
    (7681, 7492, 312, 2),
    (7494, 7273, 481, 2),
    (7305, 7190, 366, 2),
    (7257, 7099, 313, 2),
    (7235, 7046, 263, 2),
    (6844, 6797, 428, 2),
    (6328, 6762, 283, 2),
    (6861, 6603, 443, 2),
    (6256, 6197, 302, 2),
];

/// An invented ranking of 26 applications.
#[must_use]
pub fn sample_ranking() -> Vec<IntervalRow> {
    (1..)
        .zip(RANKED)
        .map(|(rank, (raw, score, half, zone))| IntervalRow {
            rank,
            label: format!("B-{:03}", 7 + rank * 3),
            raw,
            score,
            low: score - half,
            high: score + half,
            zone: match zone {
                0 => Zone::In,
                1 => Zone::Edge,
                _ => Zone::Out,
            },
        })
        .collect()
}

pub(super) fn section() -> AnyView {
    let panel = |label: &str, n, [min, q1, median, q3, max]: [i64; 5]| PanelSpread {
        label: label.to_owned(),
        min,
        q1,
        median,
        q3,
        max,
        n,
    };
    let panels = vec![
        panel("冶金有色组", 95, [5_820, 7_010, 7_640, 8_280, 9_450]),
        panel("能源化工组", 90, [5_200, 6_480, 7_050, 7_720, 9_020]),
        panel("电子信息一组", 74, [6_100, 7_380, 7_900, 8_450, 9_600]),
        panel("航空航天组", 39, [4_880, 6_200, 6_900, 7_310, 8_640]),
    ];
    view! {
        <div class="halves">
            <Card title="最终成绩与 90% 区间">
                <IntervalPlot
                    label="最终成绩与 90% 区间"
                    rows=sample_ranking()
                    quota=Quota { places: 9, label: "入围线（名额 9）".to_owned() }
                />
            </Card>
            <div class="stack">
                <Card title="各组成绩分布">
                    <BoxPlot label="各组成绩分布" panels=panels />
                </Card>
                <Card title="各领域平均成绩">
                    <BarChart
                        label="各领域平均成绩"
                        unit="分"
                        ruler=Ruler { value: 75.2, label: "全省平均 75.2".to_owned() }
                        bars=vec![
                            Bar::new("冶金有色", 76.4, "76.40"),
                            Bar::new("能源化工", 70.5, "70.50").tone(Tone::Warn),
                            Bar::new("电子信息", 79.0, "79.00").tone(Tone::Good),
                            Bar::new("航空航天与未来产业（含北斗应用）", 58.2, "58.20").tone(Tone::Bad),
                            Bar::new("循环经济", 75.0, "75.00").tone(Tone::Neutral),
                        ]
                    />
                </Card>
            </div>
        </div>
    }
    .into_any()
}
