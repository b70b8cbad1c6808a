//! 逐份诊断: the sheets that stand far from their application's mean or from what the model expects of them.

use super::figures::signed;
use crate::components::format::score;
use crate::components::{Card, CardBody, EmptyState, Table, Tag, Tone, num, text};
use crate::routes::Round;
use leptos::prelude::*;
use service::calibration::{Record, SheetLine};
use service::dossier::Dossier;

/// Beyond this share of the mean a written explanation is due.
const DUE: f64 = 30.0;

pub fn view(dossier: &Dossier, record: &Record) -> AnyView {
    if record.sheets.is_empty() {
        let what = "没有评分偏离其项目均值超过30%，也没有标准化残差超过3的评分。";
        return view! { <Card title="逐份诊断"><EmptyState title="没有须留意的评分表" what_to_do=what /></Card> }
            .into_any();
    }
    let mut sheets: Vec<&SheetLine> = record.sheets.iter().collect();
    let distance = |sheet: &SheetLine| sheet.residual.map_or(0.0, f64::abs);
    sheets.sort_by(|a, b| distance(b).total_cmp(&distance(a)).then_with(|| a.application.cmp(&b.application)));
    let rows = sheets.iter().map(|sheet| row(dossier, sheet)).collect_view();
    view! {
        <Card
            title="须留意的评分表"
            hint=format!("{}份，按标准化残差从大到小；只用代号", sheets.len())
            body=CardBody::Flush
            footer="标准化残差：该份总分与模型预期（总平均＋项目水平＋专家宽严）之差除以其标准误，无缘由时超过±3的约370份中有1份。偏离均值超过30%的应由专家书面说明；是否更正只按四种法定情形。"
        >
            <Table
                label="须留意的评分表"
                class="tight"
                columns=[text("项目"), text("专家"), num("总分"), num("偏离均值"), num("标准化残差"), text("提示")]
            >
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
    .into_any()
}

fn row(dossier: &Dossier, sheet: &SheetLine) -> impl IntoView + use<> {
    let application = dossier.applications.iter().find(|a| a.code == sheet.application);
    let href = application.map(|a| Round(dossier.round.id).application(a.id));
    let title = application.map(|a| a.title.clone());
    let figure = |value: Option<f64>, decimals: usize, unit: &str| {
        value.map_or_else(|| "—".to_owned(), |value| format!("{}{unit}", signed(value, decimals)))
    };
    let due = sheet.percent.is_some_and(|percent| percent.abs() > DUE);
    let tag = if due {
        view! { <Tag label="应书面说明" tone=Tone::Warn glyph="▲" /> }
    } else {
        view! { <Tag label="与模型预期不符" tone=Tone::Neutral glyph="○" /> }
    };
    view! {
        <tr>
            <td class="nowrap"><a href=href title=title>{sheet.application.clone()}</a></td>
            <td class="nowrap">{sheet.expert.clone()}</td>
            <td class="n">{score(sheet.score.0)}</td>
            <td class="n">{figure(sheet.percent, 1, "%")}</td>
            <td class="n">{figure(sheet.residual, 2, "")}</td>
            <td>{tag}</td>
        </tr>
    }
}
