//! The page before a calibration: what will be computed, by which frozen terms, and the button.

use super::actions::Calibrate;
use super::method::{formula, rounding};
use crate::components::{
    Alert, AlertKind, Button, ButtonTone, Card, CardBody, FormActions, KeyValue, KeyValues, LinkButton,
};
use crate::request::post;
use crate::routes;
use crate::time;
use domain::round::{Freeze, Method, Round, RoundKind, Step, When, Work};
use leptos::prelude::*;

/// Whether the caller may compute, as the page asks it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum May {
    Compute,
    Read,
}

pub fn before(round: &Round, may: May) -> impl IntoView + use<> {
    let terms = round.terms.clone();
    let methods = Method::ALL
        .iter()
        .map(|method| {
            let frozen = (*method == terms.method).then(|| view! { <span class="accent">"● 冻结方法"</span> });
            view! {
                <tr aria-current=(*method == terms.method).then_some("true")>
                    <th scope="row" class="nowrap">{method.label()}</th>
                    <td>{formula(*method, &terms)}</td>
                    <td class="nowrap">{frozen}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        {state(round, may)}
        <Card title="将要计算的内容" hint="七种方法全部计算、并列展示；只有冻结方法决定结果" body=CardBody::Stacked>
            <table class="table" aria-label="七种方法">
                <tbody>{methods}</tbody>
            </table>
            <p class="small muted">{rounding()} "。原始分始终保留，不被覆盖。"</p>
            <p class="small muted">
                "同时给出：专家宽严及其90%区间、评审组分布与组内一致性、评审关系是否连通、各方法假定的核查、名次的90%区间与入围概率（固定种子，抽样10 000次，可重复）。"
            </p>
        </Card>
    }
}

/// The frozen terms and the button, or why there is none.
fn state(round: &Round, may: May) -> AnyView {
    let Freeze::Frozen { at, digest } = round.frozen.clone() else {
        let href = routes::Round(round.id).terms();
        return view! {
            <Alert
                kind=AlertKind::Warn
                title="评审办法尚未冻结，不能计算校准"
                actions=move || view! { <LinkButton href=href>"查看评审办法"</LinkButton> }
                body=|| view! { <p>"校准方法须在评分开始之前由三厅会签冻结，以免看到分数后再选方法。"</p> }
            />
        }
        .into_any();
    };
    let mut items = vec![
        KeyValue::new("冻结方法", view! { <b>{round.terms.method.label()}</b> }),
        KeyValue::new("依据", round.terms.basis.clone()),
        KeyValue::new("合格线", format!("{}分", round.terms.pass_mark.short())),
        KeyValue::new(
            "冻结",
            view! { <span>{time::date_time(at)} "，三厅会签，摘要 " <code>{digest.chars().take(12).collect::<String>()}</code></span> },
        ),
    ];
    if round.kind == RoundKind::Selection {
        items.push(KeyValue::new("名额", format!("{} · {}个", round.terms.scope, round.terms.quota)));
    }
    let action = if round.permits(Work::Calibrate).is_ok() && may == May::Compute {
        compute_form(round, "计算校准", ButtonTone::Primary).into_any()
    } else {
        view! { <p class="muted">{why_not(round, may)}</p> }.into_any()
    };
    view! {
        <Card title="尚未计算校准">
            <div class="stack">
                <KeyValues items=items />
                {action}
            </div>
        </Card>
    }
    .into_any()
}

/// The form that computes; it takes a few seconds.
pub fn compute_form(round: &Round, label: &'static str, tone: ButtonTone) -> impl IntoView + use<> {
    view! {
        <form method="post" action={post::<Calibrate>()}>
            <input type="hidden" name="round" value=round.id.to_string() />
            <FormActions>
                <Button tone=tone>{label}</Button>
                <span class="note">"约需数秒，请等待页面返回；计算记入审计"</span>
            </FormActions>
        </form>
    }
}

fn why_not(round: &Round, may: May) -> String {
    let step = round.step;
    match round.when(Work::Calibrate) {
        When::Now => "等待协调员计算校准。".to_owned(),
        When::Ahead => {
            let who = if may == May::Compute { "" } else { "，由协调员计算" };
            format!("当前步骤为“{step}”。校准在“{}”步骤进行{who}。", Step::Calibration)
        }
        When::Over => format!("当前步骤为“{step}”，本轮没有校准记录。"),
    }
}
