//! All batches with their rounds.

use super::actions::CreateBatch;
use crate::components::{
    Button, ButtonTone, Card, CardBody, EmptyState, Field, FieldWidth, Form, FormActions, InputKind, Need, PageHead,
    Table, Tag, Tone, text,
};
use crate::frame::{Page, page};
use crate::request::post;
use crate::routes;
use domain::access::Permission;
use domain::application::Batch;
use domain::round::{Freeze, Round};
use leptos::prelude::*;

#[component]
pub fn BatchesPage() -> AnyView {
    page(|ctx| async move {
        let batches = service::programme::batches(&ctx).await?;
        let rounds = service::round::all(&ctx).await?;
        let may_create = ctx.may(Permission::ManageProgramme);
        let cards = if batches.is_empty() {
            view! { <EmptyState title="还没有批次" what_to_do="由协调员建立年度批次，登记榜单任务，再导入汇总表" /> }
                .into_any()
        } else {
            batches.iter().map(|batch| card(batch, &rounds)).collect_view().into_any()
        };
        Ok(Page::new(
            "批次与轮次",
            view! {
                <PageHead title="批次与轮次" lede=|| "分年度发布揭榜任务；每个批次可有遴选轮次和验收轮次" />
                {cards}
                {may_create.then(create_form)}
            },
        ))
    })
}

fn card(batch: &Batch, rounds: &[Round]) -> impl IntoView + use<> {
    let own: Vec<_> = rounds.iter().filter(|r| r.batch == batch.id).map(row).collect();
    let href = routes::batch(batch.id);
    let empty = own.is_empty();
    let actions = {
        let href = href.clone();
        move || view! { <a href=href>"任务与申报"</a> }
    };
    view! {
        <Card title=batch.title.clone() hint=batch.basis.clone() actions=actions body=CardBody::Flush>
            {if empty {
                view! { <EmptyState title="尚无轮次" what_to_do="登记任务、导入汇总表后，在批次页建立轮次" /> }.into_any()
            } else {
                view! {
                    <Table label="轮次" columns=[text("轮次"), text("类型"), text("当前步骤"), text("评审办法")]>
                        <tbody>{own}</tbody>
                    </Table>
                }
                    .into_any()
            }}
        </Card>
    }
}

fn row(round: &Round) -> AnyView {
    let href = routes::Round(round.id).overview();
    let frozen = matches!(round.frozen, Freeze::Frozen { .. });
    let (words, tone) = if frozen { ("已冻结", Tone::Good) } else { ("未冻结", Tone::Warn) };
    view! {
        <tr>
            <td><a href=href>{round.title.clone()}</a></td>
            <td>{round.kind.label()}</td>
            <td><Tag label=round.step.label() tone=Tone::Accent /></td>
            <td><Tag label=words tone=tone /></td>
        </tr>
    }
    .into_any()
}

fn create_form() -> impl IntoView {
    view! {
        <Card title="建立批次" id="new">
            <Form action={post::<CreateBatch>()} class="form grid">
                <Field name="year" label="年度" kind=InputKind::Whole width=FieldWidth::Short need=Need::Required />
                <Field name="seq" label="批次序号" kind=InputKind::Whole value="1" width=FieldWidth::Short need=Need::Required />
                <Field name="title" label="名称" placeholder="2025年度第1批揭榜任务" need=Need::Required />
                <Field name="basis" label="依据" placeholder="甘工信发〔2025〕40号" need=Need::Required />
                <FormActions>
                    <Button tone=ButtonTone::Primary>"建立批次"</Button>
                </FormActions>
            </Form>
        </Card>
    }
}
