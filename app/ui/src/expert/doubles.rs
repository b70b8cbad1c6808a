//! 疑似同一人: pairs of entries side by side, decided in one table; and what was decided before.

use super::actions::{JudgeIdentities, ReopenIdentity};
use crate::components::{
    Alert, AlertKind, Button, ButtonSize, ButtonTone, Card, CardBody, Choice, EmptyState, Field, Form, FormActions,
    PageHead, Select, Table, Tag, Tone, refilled, text,
};
use crate::frame::{Page, page};
use crate::request::post;
use crate::routes;
use crate::time::beijing;
use domain::access::Permission;
use domain::expert::Expert;
use domain::identity::persons::Ruling;
use leptos::prelude::*;
use service::identity::{Decided, Pair};

#[component]
pub fn DoublesPage() -> AnyView {
    page(|ctx| async move {
        let doubles = service::identity::doubles(&ctx).await?;
        let may_decide = ctx.may(Permission::ImportData);
        let count = doubles.open.len();
        let open = open(&doubles.open, may_decide);
        let decided = (!doubles.decided.is_empty()).then(|| decided(&doubles.decided, may_decide));
        Ok(Page::new(
            "疑似同一人",
            view! {
                <PageHead
                    title="疑似同一人"
                    eyebrow="专家库"
                    lede=move || format!("{count} 对待认定；身份证号不同的同名者不列入")
                    actions=|| view! { <a href=routes::EXPERTS>"返回专家库"</a> }
                />
                {open}
                {decided}
            },
        ))
    })
}

fn open(pairs: &[Pair], may_decide: bool) -> AnyView {
    if pairs.is_empty() {
        return view! {
            <Card>
                <EmptyState title="没有待认定的" what_to_do="导入专家时按身份证号、编号、姓名加单位比对，有疑似的列在这里" />
            </Card>
        }
        .into_any();
    }
    let rows = || pairs.iter().map(|pair| row(pair, may_decide)).collect_view();
    let rows = refilled(post::<JudgeIdentities>(), &[], rows);
    let mut columns = vec![text("编号"), text("姓名"), text("类别"), text("工作单位"), text("任职记录"), text("依据")];
    columns.extend(may_decide.then(|| text("认定")));
    let table = view! {
        <Table label="疑似同一人" columns=columns>{rows}</Table>
    };
    let body = if may_decide {
        view! {
            <Form action={post::<JudgeIdentities>()}>
                {table}
                <div class="body">
                    <FormActions note="未选的不变；一处不能认定，则都不保存">
                        <Button tone=ButtonTone::Primary>"保存认定"</Button>
                    </FormActions>
                </div>
            </Form>
        }
        .into_any()
    } else {
        table.into_any()
    };
    view! {
        <Alert
            kind=AlertKind::Warn
            title="认定之前，每对只有编号在前的一条参加抽取和指派"
            body=|| "两条记录的任职都用于回避；任何一条暂停，两条都不参加"
        />
        <Card title="待认定" hint="保留一条的，另一条的任职并入后退库" body=CardBody::Flush>{body}</Card>
    }
    .into_any()
}

/// The name under which a pair goes through the form.
fn key(pair: &Pair) -> String {
    format!("{}.{}", pair.first.id, pair.second.id)
}

fn row(pair: &Pair, may_decide: bool) -> impl IntoView + use<> {
    let key = key(pair);
    let choices = vec![
        Choice::new("first", format!("同一人，保留 {}", pair.first.code)),
        Choice::new("second", format!("同一人，保留 {}", pair.second.code)),
        Choice::new("distinct", "不是同一人"),
    ];
    let names = format!("{}与{}", pair.first.code, pair.second.code);
    let form = may_decide.then(|| {
        view! {
            <td rowspan="2">
                <div class="stack bare">
                    <Select
                        name=format!("ruling.{key}")
                        label=format!("{names}的认定")
                        choices=choices
                        empty="暂不认定"
                    />
                    <Field name=format!("reason.{key}") label=format!("{names}的认定理由") placeholder="理由，如：电话核实" maxlength=200 />
                </div>
            </td>
        }
    });
    view! {
        <tbody>
            <tr>{entry(&pair.first)}<td rowspan="2">{pair.why.words()}</td>{form}</tr>
            <tr>{entry(&pair.second)}</tr>
        </tbody>
    }
}

fn entry(expert: &Expert) -> impl IntoView + use<> {
    let posts: Vec<_> = expert.ties.iter().map(|tie| tie.unit.clone()).collect();
    let posts = if posts.is_empty() { "无".to_owned() } else { posts.join("、") };
    view! {
        <td class="nowrap"><a href=routes::expert(expert.id)>{expert.code.clone()}</a></td>
        <td class="nowrap">{expert.name.clone()}</td>
        <td class="nowrap">{expert.role.label()}</td>
        <td>{expert.employer.clone()}</td>
        <td>{posts}</td>
    }
}

fn decided(all: &[Decided], may_decide: bool) -> AnyView {
    let rows = all
        .iter()
        .map(|one| {
            let (tone, words) = match one.ruling {
                Ruling::Distinct => (Tone::Neutral, "不是同一人".to_owned()),
                Ruling::Same { kept } => {
                    let kept = if kept == one.first.id { &one.first.code } else { &one.second.code };
                    (Tone::Good, format!("同一人，保留 {kept}"))
                }
            };
            let reopen = (may_decide && one.ruling == Ruling::Distinct).then(|| reopen(one));
            view! {
                <tr>
                    <td class="nowrap">
                        <a href=routes::expert(one.first.id)>{one.first.code.clone()}</a>" "{one.first.name.clone()}
                        <br />
                        <a href=routes::expert(one.second.id)>{one.second.code.clone()}</a>" "{one.second.name.clone()}
                    </td>
                    <td><Tag label=words tone=tone /></td>
                    <td>{one.reason.clone()}</td>
                    <td class="nowrap">{one.by.clone()}<br /><span class="small muted">{beijing(one.at).format("%Y年%-m月%-d日").to_string()}</span></td>
                    <td>{reopen}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Card title="已认定" body=CardBody::Flush>
            <Table label="已认定" columns=[text("两条记录"), text("认定"), text("理由"), text("认定人"), text("撤销")]>
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
    .into_any()
}

fn reopen(one: &Decided) -> impl IntoView + use<> {
    let id = one.id.to_string();
    view! {
        <Form action={post::<ReopenIdentity>()} own=vec![("judgement", id.clone())] class="row bare">
            <Field name="reason" label="撤销认定的理由" placeholder="撤销理由" maxlength=200 id=format!("reopen-{id}") />
            <Button size=ButtonSize::Small>"撤销认定"</Button>
        </Form>
    }
}
