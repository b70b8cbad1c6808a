//! The page before a ranking: what it will be made from, and the button.

use super::actions::Rank;
use super::may::May;
use crate::components::{Alert, AlertKind, Button, ButtonTone, Card, FormActions, KeyValue, KeyValues, LinkButton};
use crate::request::post;
use crate::routes;
use crate::time;
use domain::round::{Round, RoundKind, Step, When, Work};
use leptos::prelude::*;
use service::ranking::View;

pub fn before(view: &View, may: May) -> AnyView {
    let round = &view.dossier.round;
    let Some(calibration) = &view.calibration else {
        let href = routes::Round(round.id).calibration();
        return view! {
            <Alert
                kind=AlertKind::Info
                title="还没有校准记录，不能排序"
                actions=move || view! { <LinkButton href=href>"查看校准"</LinkButton> }
                body=|| view! { <p>"排序以校准后的最终分为准。请先在“校准”步骤计算校准，再进入“排序”步骤。"</p> }
            />
        }
        .into_any();
    };
    let mut items = vec![
        KeyValue::new("校准", format!("{}，{} 计算", calibration.record.method, time::date_time(calibration.at))),
        KeyValue::new("先后", "按最终分；相同的依次比较算术平均、各维度得分、中位数、推荐票；仍相同为并列"),
    ];
    if round.kind == RoundKind::Selection {
        let terms = &round.terms;
        items.push(KeyValue::new(
            "名额",
            format!("{} · {}个，合格线{}分", terms.scope, terms.quota, terms.pass_mark.short()),
        ));
        items.push(KeyValue::new("跨线并列", "不由程序取舍，列出后由三厅会商并写明理由"));
    } else {
        items.push(KeyValue::new(
            "验收结论",
            "按成绩、核心指标完成率和一票否决情形给出建议；结论由专家组和三厅确定，不一致的写明理由",
        ));
    }
    let action = if round.permits(Work::Rank).is_ok() && may == May::Decide {
        rank_form(round, "计算排序").into_any()
    } else {
        view! { <p class="muted">{why_not(round)}</p> }.into_any()
    };
    view! {
        <Card title="尚未计算排序">
            <div class="stack">
                <KeyValues items=items />
                {action}
            </div>
        </Card>
    }
    .into_any()
}

pub fn rank_form(round: &Round, label: &'static str) -> impl IntoView + use<> {
    view! {
        <form method="post" action={post::<Rank>()}>
            <input type="hidden" name="round" value=round.id.to_string() />
            <FormActions>
                <Button tone=ButtonTone::Primary>{label}</Button>
                <span class="note">"计算记入审计，此前的排序记录保留"</span>
            </FormActions>
        </form>
    }
}

fn why_not(round: &Round) -> String {
    match round.when(Work::Rank) {
        When::Now => "等待协调员计算排序。".to_owned(),
        When::Ahead | When::Over => {
            format!("当前步骤为“{}”。排序在“{}”步骤由协调员计算。", round.step, Step::Ranking)
        }
    }
}
