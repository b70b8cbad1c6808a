//! 专家宽严: every expert's effect with its 90 % interval. Experts appear by code only.

use super::checks::{leaning, stands_out};
use super::figures::{Z90, or_dash, signed};
use crate::components::{Card, CardBody, EmptyState, Table, Tag, Tone, num, text};
use leptos::prelude::*;
use service::calibration::{ExpertLine, Record};

const ROW: usize = 17;
const TOP: usize = 24;

pub fn view(record: &Record) -> AnyView {
    let mut experts: Vec<ExpertLine> = record.experts.clone();
    experts.sort_by(|a, b| {
        let key = |e: &ExpertLine| e.effect.unwrap_or(f64::INFINITY);
        key(a).total_cmp(&key(b)).then_with(|| a.code.cmp(&b.code))
    });
    let out = experts.iter().filter(|e| stands_out(e)).count();
    let drawn: Vec<(String, f64, f64)> =
        experts.iter().filter_map(|e| Some((e.code.clone(), e.effect?, e.se?))).collect();
    let plot = if drawn.is_empty() {
        let what = "每名专家只评一份或数据不足以区分专家宽严与随机误差，原因见假定核查。";
        view! { <EmptyState title="没有专家宽严的估计" what_to_do=what /> }.into_any()
    } else {
        plot(&drawn).into_any()
    };
    let hint = format!("{}名专家，{out}名的90%区间不含0", experts.len());
    let rows = experts.iter().map(row).collect_view();
    view! {
        <div class="halves narrow-left">
            <Card title="宽严与90%区间（分）" hint=hint>{plot}</Card>
            <Card
                title="专家评分诊断"
                hint="只用代号；仅供核对与监督，不作为对专家的评价"
                body=CardBody::Flush
                footer="宽严：与全体专家相比偏宽或偏严的分数。离散比：该专家评分的标准差与其他专家均值的标准差之比，1为相同，小于1较集中。一致性：与其他专家均值的相关系数，1为完全一致。异常：偏离项目均值超过30%的评分所占比例。"
            >
                <Table
                    label="专家评分诊断"
                    class="tight"
                    columns=[
                        text("专家"), num("份数"), num("宽严"), num("90%区间").title("估计值 ± 1.645 × 标准误"),
                        num("离散比").title("该专家评分的标准差与其他专家均值的标准差之比；1为相同"), num("一致性").title("与其他专家均值的相关系数"),
                        num("异常").title("偏离项目均值超过30%的评分所占比例"), text("判断与提示"),
                    ]
                >
                    <tbody>{rows}</tbody>
                </Table>
            </Card>
        </div>
    }
    .into_any()
}

fn row(expert: &ExpertLine) -> impl IntoView + use<> {
    let interval = expert.effect.zip(expert.se).map_or_else(
        || "—".to_owned(),
        |(effect, se)| format!("{} 至 {}", signed(effect - Z90 * se, 1), signed(effect + Z90 * se, 1)),
    );
    let lean = expert.effect.filter(|_| stands_out(expert)).map(|effect| {
        let glyph = if effect < 0.0 { "▼" } else { "▲" };
        view! { <Tag label=leaning(effect) tone=Tone::Warn glyph=glyph /> }
    });
    let flags = expert.flags.join("；");
    view! {
        <tr>
            <td class="nowrap">{expert.code.clone()}</td>
            <td class="n">{expert.sheets.to_string()}</td>
            <td class="n">{expert.effect.map_or_else(|| "—".to_owned(), |e| signed(e, 2))}</td>
            <td class="n">{interval}</td>
            <td class="n">{or_dash(expert.spread, 2)}</td>
            <td class="n">{or_dash(expert.agreement, 2)}</td>
            <td class="n">{format!("{:.0}%", expert.outlying * 100.0)}</td>
            <td>
                {lean} " "
                <span class="small">{flags}</span>
            </td>
        </tr>
    }
}

/// Effects around zero; an interval that excludes zero is drawn with a square.
fn plot(experts: &[(String, f64, f64)]) -> impl IntoView + use<> {
    let reach = experts.iter().map(|(_, effect, se)| effect.abs() + Z90 * se).fold(0.5, f64::max);
    let step = [0.5, 1.0, 2.0, 5.0, 10.0, 20.0].into_iter().find(|s| reach / s <= 4.0).unwrap_or(50.0);
    let limit = (reach / step).ceil() * step;
    let at = move |value: f64| format!("{:.2}%", ((value / limit + 1.0) * 50.0).clamp(0.0, 100.0));
    let height = TOP + ROW * experts.len() + 4;
    let ticks = (-4_i8..=4)
        .map(|k| f64::from(k) * step)
        .filter(|value| value.abs() <= limit)
        .map(|value| {
            let class = if value == 0.0 { "axis" } else { "grid" };
            let decimals = usize::from(step.fract() != 0.0);
            view! {
                <line class=class x1=at(value) x2=at(value) y1=(TOP - 4).to_string() y2=height.to_string()></line>
                <text class="mid" x=at(value) y=(TOP - 10).to_string()>{signed(value, decimals)}</text>
            }
        })
        .collect_view();
    let labels = experts
        .iter()
        .enumerate()
        .map(|(i, (code, ..))| {
            let y = (TOP + ROW * i + 12).to_string();
            view! { <text class="ink" x="0" y=y>{code.clone()}</text> }
        })
        .collect_view();
    let marks = experts
        .iter()
        .enumerate()
        .map(|(i, (code, effect, se))| {
            let y = (TOP + ROW * i + ROW / 2).to_string();
            let out = effect.abs() > Z90 * se;
            let class = if out { "z-edge" } else { "z-in" };
            let dot = if out {
                view! { <rect class=class x="-3.5" y="-3.5" width="7" height="7"></rect> }.into_any()
            } else {
                view! { <circle class=class r="3.5"></circle> }.into_any()
            };
            let title = format!("{code}：{} ± {:.1}", signed(*effect, 1), Z90 * se);
            view! {
                <g>
                    <title>{title}</title>
                    <line class=class x1=at(effect - Z90 * se) x2=at(effect + Z90 * se) y1=y.clone() y2=y.clone()></line>
                    <svg x=at(*effect) y=y>{dot}</svg>
                </g>
            }
        })
        .collect_view();
    let height = height.to_string();
    view! {
        <figure class="chart">
            <div class="canvas" role="img" aria-label="专家宽严，数据见右表">
                <svg class="labels" aria-hidden="true" height=height.clone()>{labels}</svg>
                <svg class="plot" height=height>{ticks} {marks}</svg>
            </div>
            <div class="legend">
                <span>"■ 区间不含0"</span>
                <span>"● 区间含0"</span>
                <span>"左：偏严　右：偏宽"</span>
            </div>
        </figure>
    }
}
