//! The draw page: what is asked for, who has committed and revealed, and what the lots decided.

use super::{open, pledges, result};
use crate::answer::Refusal;
use crate::components::{Alert, AlertKind, Button, Confirm, Field, Form, FormActions, Need, PageHead};
use crate::frame::{Page, page};
use crate::panel::{Regroup, demand, feasibility, outcome};
use crate::request::{path_id, post, query};
use crate::routes::Round;
use crate::time;
use domain::access::Permission;
use domain::draw::DrawState;
use domain::ids::RoundId;
use domain::round::{When, Work};
use leptos::prelude::*;
use service::assignment::Status;
use service::draw::View;

#[component]
pub fn DrawPage() -> AnyView {
    let round = path_id::<RoundId>("round");
    let query = query();
    page(move |ctx| async move {
        let round = round?;
        let (dossier, roster) = service::session::roster(&ctx, round).await?;
        let draw = service::draw::view(&ctx, round).await?;
        let latest = service::assignment::latest(&ctx, round).await?;
        let when = dossier.round.when(Work::Draw);
        let may = ctx.may(Permission::DrawExperts);
        let open_now = may && when == When::Now;
        let may_group = ctx.may(Permission::AssignExperts);
        let own = ctx.actor.department().ok().filter(|_| open_now);
        let content = match &draw {
            Some(draw) => {
                let scoring = dossier.round.permits(Work::Score).is_ok();
                let leave = ctx.may(Permission::RunSession)
                    && (!scoring || ctx.may(Permission::DecideConflicts))
                    && draw.state == DrawState::Drawn
                    && dossier.round.permits(Work::Replace).is_ok();
                let calls = leave && !scoring && ctx.may(Permission::NotifyExperts);
                let phones = if calls { Some(service::personal::phones(&ctx, round).await?) } else { None };
                let exports = ctx.may(Permission::Export);
                let sheet = exports.then(|| Round(round).file("draw-record.xlsx"));
                view! {
                    {pledges::card(draw, round, own)}
                    {(draw.state == DrawState::Drawn)
                        .then(|| {
                            view! {
                                {result::summary(draw, round, sheet)}
                                {result::events(draw)}
                                {leave.then(|| result::leave_form(&dossier, &roster, phones.as_ref()))}
                                {result::alternates(draw)}
                                {result::lots(draw, &query)}
                            }
                        })}
                    {open_now.then(|| result::void_form(round))}
                }
                .into_any()
            }
            None if open_now => {
                let trial = match demand::demand(&query) {
                    Ok(demand) => service::assignment::feasibility(&ctx, round, &demand).await.map_err(Refusal::from),
                    Err(error) => Err(error.into()),
                };
                let assigned = latest.as_ref().filter(|found| found.status != Status::Infeasible && !roster.is_empty());
                view! {
                    {open::form(round, &query, roster.len(), &trial)}
                    {feasibility::card(&trial, roster.len())}
                    {assigned.map(|found| outcome(found, roster.len()))}
                    {may_group.then(|| regroup_form(round, roster.len()))}
                }
                .into_any()
            }
            None => view! {
                {before(when)}
                {(when != When::Ahead).then_some(latest.as_ref()).flatten().map(|found| outcome(found, roster.len()))}
            }
            .into_any(),
        };
        let lede = lede(draw.as_ref(), when);
        let view = view! {
            <PageHead title="抽取专家" lede=move || lede />
            {draw.as_ref().map(voided)}
            {content}
        };
        Ok(Page::new("抽取专家", view).of(dossier.round.clone()))
    })
}

fn lede(draw: Option<&View>, when: When) -> String {
    match draw.map(|draw| draw.state) {
        None => "尚未开始".to_owned(),
        Some(DrawState::Drawn) if when == When::Over => "抽取完成".to_owned(),
        Some(DrawState::Drawn) => "抽取完成；签到之前专家只显示编号".to_owned(),
        Some(_) => "候选池已关闭，等待三个部门承诺与公布".to_owned(),
    }
}

fn before(when: When) -> Option<AnyView> {
    (when == When::Ahead).then(|| {
        view! {
            <Alert
                title="尚未进入抽取"
                details=vec!["分组完成之后进入“抽取”：关闭候选池，三个部门分别承诺并公布随机数，由签号决定入选专家。".to_owned()]
            />
        }
        .into_any()
    })
}

fn regroup_form(round: RoundId, seated: usize) -> AnyView {
    let given_up = if seated > 0 { format!("已指派的{seated}个席位随之空出；") } else { String::new() };
    view! {
        <Confirm label="退回分组">
            <Form action={post::<Regroup>()} class="stack">
                <p class="small">{given_up}"评审组保留，可以移动任务或重新分组，再次进入“抽取”。"</p>
                <input type="hidden" name="round" value=round.to_string() />
                <Field name="reason" label="理由" need=Need::Required maxlength=200 />
                <FormActions>
                    <Button>"退回分组"</Button>
                </FormActions>
            </Form>
        </Confirm>
    }
    .into_any()
}

fn voided(draw: &View) -> Option<AnyView> {
    let lines: Vec<_> =
        draw.voided.iter().map(|(at, reason)| format!("{} 开启的抽取已作废：{reason}", time::date_time(*at))).collect();
    (!lines.is_empty())
        .then(|| view! { <Alert kind=AlertKind::Warn title="此前有抽取作废" details=lines /> }.into_any())
}
