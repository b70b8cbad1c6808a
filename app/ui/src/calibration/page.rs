//! The page: before a calibration what will be computed, after it the result in four views.

use super::before::{May, before, compute_form};
use super::{changes, checks, experts, methods, panels, sheets};
use crate::components::format::thousands;
use crate::components::{ButtonTone, Card, Confirm, KeyValue, KeyValues, KeyValuesLayout, PageHead, Query, Tab, Tabs};
use crate::frame::{Page, page};
use crate::request::{path_id, query};
use crate::time;
use domain::access::Permission;
use domain::ids::RoundId;
use domain::round::{Round, Work};
use leptos::prelude::*;
use service::calibration::KeptCalibration;
use service::dossier::Dossier;

const VIEWS: [(&str, &str); 5] = [
    ("methods", "方法对照"),
    ("changes", "名次变化"),
    ("experts", "专家宽严"),
    ("panels", "评审组分布"),
    ("sheets", "逐份诊断"),
];

#[component]
pub fn CalibrationPage() -> AnyView {
    let round = path_id::<RoundId>("round");
    let query = query();
    page(move |ctx| async move {
        let (dossier, kept) = service::calibration::view(&ctx, round?).await?;
        let may = if ctx.may(Permission::Calibrate) { May::Compute } else { May::Read };
        let round = dossier.round.clone();
        let content = match &kept {
            None => view! {
                <PageHead title="校准" lede=|| "使不同专家、不同评审组的评分可以比较" />
                {before(&dossier.round, may)}
            }
            .into_any(),
            Some(kept) => view! {
                {head(&dossier.round, kept)}
                <div class="split">
                    {checks::card(&kept.record)}
                    {record(&dossier.round, kept, may)}
                </div>
                {views(&dossier, kept, &query)}
            }
            .into_any(),
        };
        Ok(Page::new("校准", content).of(round).landscape())
    })
}

fn head(round: &Round, kept: &KeptCalibration) -> impl IntoView + use<> {
    let method = kept.record.method.label();
    let (basis, made) = (round.terms.basis.clone(), time::date_time(kept.at));
    view! {
        <PageHead
            title="校准"
            lede=move || view! { "冻结方法：" <b>{method}</b> "（依据：" {basis} "）· 计算于 " {made} }
        />
    }
}

/// Algorithm and digests: with them anyone can repeat the result.
fn record(round: &Round, kept: &KeptCalibration, may: May) -> impl IntoView + use<> {
    let record = &kept.record;
    let items = vec![
        KeyValue::new("算法", view! { <code>{record.algorithm.clone()}</code> }),
        KeyValue::new("方差（分²）", variances(record)),
    ];
    let repeatable = vec![
        KeyValue::new("输入摘要", view! { <code>{record.input_digest.clone()}</code> })
            .source("有效评分表按“项目,专家,总分”逐行排列的 SHA-256，导出评分数据后可核对"),
        KeyValue::new("结果摘要", view! { <code>{kept.digest.clone()}</code> }),
        KeyValue::new("抽样种子", view! { <code>{record.seed.clone()}</code> })
            .source(format!("名次区间与入围概率由 {} 次抽样得出，用同一种子可重复", thousands(record.draws as u64))),
    ];
    let again = (round.permits(Work::Calibrate).is_ok() && may == May::Compute).then(|| {
        let form = compute_form(round, "重新计算", ButtonTone::Primary);
        view! {
            <Confirm label="重新计算">
                <p>"评分表有作废等变动时须重新计算。新的记录取代本页显示的记录，旧记录仍保留。"</p>
                {form}
            </Confirm>
        }
    });
    view! {
        <Card title="计算记录">
            <KeyValues items=items layout=KeyValuesLayout::Above />
            <details class="small">
                <summary>"摘要与种子"</summary>
                <KeyValues items=repeatable layout=KeyValuesLayout::Above />
            </details>
            {again}
        </Card>
    }
}

fn variances(record: &service::calibration::Record) -> String {
    let part = |name: &str, value: Option<f64>| format!("{name} {}", super::or_dash(value, 2));
    [
        part("项目", record.variance_application),
        part("专家宽严", record.variance_expert),
        part("随机误差", record.variance_residual),
    ]
    .into_iter()
    .chain(record.variance_panel.map(|_| part("评审组", record.variance_panel)))
    .collect::<Vec<_>>()
    .join(" · ")
}

fn views(dossier: &Dossier, kept: &KeptCalibration, query: &Query) -> impl IntoView + use<> {
    let here = VIEWS.iter().find(|(key, _)| query.get("view") == Some(key)).map_or(VIEWS[0].0, |(key, _)| key);
    let link = |key: &str| Query::new(query.path()).with("view", key).href();
    let tabs = VIEWS.iter().map(|(key, label)| Tab::new(*label, link(key))).collect();
    let content = match here {
        "changes" => changes::view(dossier, kept, query).into_any(),
        "experts" => experts::view(&kept.record).into_any(),
        "panels" => panels::view(dossier, &kept.record).into_any(),
        "sheets" => sheets::view(dossier, &kept.record).into_any(),
        _ => methods::view(dossier, &kept.record, query).into_any(),
    };
    view! {
        <Tabs label="校准结果" tabs=tabs here=link(here) />
        {content}
    }
}
