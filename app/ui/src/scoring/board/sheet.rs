//! The chosen sheet beside the table, and the form to void it.

use super::actions::VoidSheet;
use super::cell::Progress;
use crate::components::{
    Button, ButtonTone, Card, CardBody, Confirm, Form, KeyValue, KeyValues, Need, Query, Tag, TextArea, Tone,
};
use crate::request::post;
use crate::time;
use domain::ids::PanelId;
use domain::seat::Seat;
use domain::sheet::SheetState;
use leptos::prelude::*;
use service::dossier::Dossier;
use service::scoring::{BoardRow, BoardSheet, Outlier};

/// Whether the caller may void sheets now.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Voiding {
    Allowed,
    Forbidden,
}

pub fn card(
    dossier: &Dossier,
    panel: PanelId,
    (seat, row, sheet): (&Seat, &BoardRow, &BoardSheet),
    query: &Query,
    voiding: Voiding,
) -> AnyView {
    let progress = Progress::of(sheet);
    let tone = match progress {
        Progress::Submitted => Tone::Good,
        Progress::Draft => Tone::Warn,
        Progress::Untouched => Tone::Neutral,
        Progress::Voided => Tone::Bad,
    };
    let code = dossier.application(row.application).map(|a| a.code.clone()).unwrap_or_default();
    let form = (voiding == Voiding::Allowed && progress != Progress::Voided).then(|| form(dossier, panel, sheet));
    let facts = facts(seat, sheet);
    let close = query.without("sheet").href();
    view! {
        <aside class="aside" id="sheet" aria-label="评分表">
            <Card
                title=format!("专家 {} 号 × {code}", seat.number)
                actions=move || view! { <Tag label=progress.words() tone=tone glyph=progress.glyph() /> }
                body=CardBody::Stacked
            >
                <KeyValues items=facts />
                {form}
                <p><a class="small" href=close>"收起"</a></p>
            </Card>
        </aside>
    }
    .into_any()
}

fn facts(seat: &Seat, sheet: &BoardSheet) -> Vec<KeyValue> {
    let mut facts = vec![KeyValue::new("席位", format!("{} 号，{}", seat.number, seat.role))];
    match &sheet.state {
        SheetState::Draft => {
            facts
                .push(KeyValue::new("最近保存", sheet.saved_at.map_or_else(|| "尚未保存".to_owned(), time::date_time)));
        }
        SheetState::Submitted { at } => facts.push(KeyValue::new("提交时间", time::date_time(*at))),
        SheetState::Voided { at, reason } => {
            facts.push(KeyValue::new("作废时间", time::date_time(*at)));
            facts.push(KeyValue::new("作废理由", reason.clone()));
        }
    }
    if let Some(total) = sheet.total {
        facts.push(KeyValue::new("合计", total.rounded().to_string()).source("主观分与客观分之和，不适用项按比例折算"));
    }
    if let Some(vote) = sheet.vote {
        facts.push(KeyValue::new("推荐意见", vote.label()));
    }
    if sheet.outlier == Outlier::FarFromMean {
        facts.push(
            KeyValue::new("异常", view! { <span class="outlier">"▲ " {sheet.outlier.label()}</span> })
                .source("相对本项目各表算术平均；由评审组确认或说明"),
        );
    }
    facts
}

fn form(dossier: &Dossier, panel: PanelId, sheet: &BoardSheet) -> AnyView {
    let (round, panel, sheet) = (dossier.round.id.to_string(), panel.to_string(), sheet.id.to_string());
    view! {
        <Confirm label="作废此表" tone=ButtonTone::Danger>
            <Form action={post::<VoidSheet>()} own=vec![("sheet", sheet)] class="stack">
                <input type="hidden" name="round" value=round />
                <input type="hidden" name="panel" value=panel />
                <p class="small">"作废的评分表退出全部计算，原表和理由留存，不能恢复。用于评分中发现须回避、冒名等情形。"</p>
                <TextArea name="reason" label="作废理由" rows=2 need=Need::Required />
                <div class="row"><Button tone=ButtonTone::Danger>"确认作废"</Button></div>
            </Form>
        </Confirm>
    }
    .into_any()
}
