//! 承诺与公布: each department binds itself before anybody can know the result, then makes its secret known.

use super::actions::{CommitDraw, RevealDraw};
use crate::components::{
    Alert, Button, ButtonTone, Card, CardBody, Field, Form, FormActions, KeyValue, KeyValues, Need, Table, Tag, Tone,
    text,
};
use crate::request::post;
use crate::time;
use domain::access::Department;
use domain::draw::DrawState;
use domain::ids::RoundId;
use leptos::prelude::*;
use service::draw::View;

/// `own`: the department of the coordinator who looks.
pub fn card(view: &View, round: RoundId, own: Option<Department>) -> AnyView {
    let rows = Department::ALL.iter().map(|department| row(view, *department)).collect_view();
    let items = vec![
        KeyValue::new("候选池", format!("{} 名，{} 关闭", view.candidates, time::date_time(view.opened_at))),
        KeyValue::new("候选池摘要", view! { <code class="digest">{view.pool_digest.clone()}</code> })
            .source("SHA-256；名单、类别、单位、可任评审组与回避情形有任何改动，摘要即不同"),
    ];
    let action = own.filter(|_| view.state == DrawState::Open).map(|own| action(view, round, own));
    view! {
        <Card title="三厅承诺与公布" hint="先各自承诺，再各自公布；任何一方都不能预知或左右结果" body=CardBody::Stacked>
            <KeyValues items=items />
            <div class="bleed">
                <Table label="三厅承诺与公布" columns=[text("部门"), text("承诺（随机数的 SHA-256）"), text("随机数"), text("状态")]>
                    <tbody>{rows}</tbody>
                </Table>
            </div>
            {action}
        </Card>
    }
    .into_any()
}

fn row(view: &View, department: Department) -> impl IntoView + use<> {
    let pledge = view.pledges.get(department);
    let (label, tone) = match pledge {
        None => ("待承诺", Tone::Neutral),
        Some(pledge) if pledge.nonce.is_none() => ("已承诺", Tone::Accent),
        Some(_) => ("已公布，与承诺相符", Tone::Good),
    };
    let code = |text: Option<String>| match text {
        Some(text) => view! { <code class="digest">{text}</code> }.into_any(),
        None => view! { <span class="muted">"—"</span> }.into_any(),
    };
    let commitment = pledge.map(|pledge| pledge.commitment.clone());
    let nonce = pledge.and_then(|pledge| pledge.nonce.clone());
    view! {
        <tr>
            <th scope="row" class="nowrap">{department.label()}</th>
            <td>{code(commitment)}</td>
            <td>{code(nonce)}</td>
            <td class="nowrap"><Tag label=label tone=tone /></td>
        </tr>
    }
}

/// The next act of the caller's department.
fn action(view: &View, round: RoundId, own: Department) -> AnyView {
    let round = round.to_string();
    match view.pledges.get(own) {
        None => view! {
            <div class="pledge">
                <form method="post" action={post::<CommitDraw>()} class="stack">
                    <h3>{format!("{own}承诺")}</h3>
                    <p class="small">"由系统生成随机数并只留下承诺；随机数只显示一次，请抄存。"</p>
                    <input type="hidden" name="round" value=round.clone() />
                    <FormActions>
                        <Button tone=ButtonTone::Primary>"生成随机数并承诺"</Button>
                    </FormActions>
                </form>
                <Form action={post::<CommitDraw>()} class="stack">
                    <h3>"或者自备随机数"</h3>
                    <Field
                        name="commitment"
                        label="承诺"
                        need=Need::Required
                        hint="32字节随机数的 SHA-256，64位十六进制数；随机数自行保存"
                        maxlength=64
                    />
                    <input type="hidden" name="round" value=round />
                    <FormActions>
                        <Button>"承诺"</Button>
                    </FormActions>
                </Form>
            </div>
        }
        .into_any(),
        Some(pledge) if pledge.nonce.is_some() => {
            view! { <p class="muted">{format!("{own}已公布，等待其他部门公布。")}</p> }.into_any()
        }
        Some(_) if !view.pledges.is_committed() => {
            let waiting: Vec<_> =
                Department::ALL.iter().filter(|d| view.pledges.get(**d).is_none()).map(|d| d.label()).collect();
            let title = format!("{own}已承诺，等待{}承诺；三个部门都承诺之后才能公布", waiting.join("、"));
            view! { <Alert title=title /> }.into_any()
        }
        Some(_) => view! {
            <form method="post" action={post::<RevealDraw>()} class="stack">
                <h3>{format!("{own}公布随机数")}</h3>
                <Field
                    name="nonce"
                    label="随机数"
                    need=Need::Required
                    hint="承诺时抄存的64位十六进制数；与承诺不符的不予公布"
                    maxlength=64
                    autocomplete="off"
                />
                <input type="hidden" name="round" value=round />
                <FormActions note="最后一个部门公布的同时完成抽取">
                    <Button tone=ButtonTone::Primary>"公布"</Button>
                </FormActions>
            </form>
        }
        .into_any(),
    }
}
