//! The draw page: what is asked for, who has committed and revealed, and what the lots decided.

use super::{open, pledges, result};
use crate::answer::Refusal;
use crate::components::{Alert, AlertKind, PageHead};
use crate::frame::{Page, page};
use crate::panel::{demand, feasibility, outcome};
use crate::request::{path_id, query};
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
        let own = ctx.actor.department().ok().filter(|_| open_now);
        let content = match &draw {
            Some(draw) => {
                let leave = ctx.may(Permission::RunSession)
                    && draw.state == DrawState::Drawn
                    && dossier.round.permits(Work::Replace).is_ok();
                let exports = ctx.may(Permission::Export);
                let sheet = exports.then(|| Round(round).file("draw-record.xlsx"));
                view! {
                    {pledges::card(draw, round, own)}
                    {(draw.state == DrawState::Drawn)
                        .then(|| {
                            view! {
                                {result::summary(draw, round, sheet)}
                                {result::events(draw)}
                                {leave.then(|| result::leave_form(round, &roster))}
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

fn voided(draw: &View) -> Option<AnyView> {
    let lines: Vec<_> =
        draw.voided.iter().map(|(at, reason)| format!("{} 开启的抽取已作废：{reason}", time::date_time(*at))).collect();
    (!lines.is_empty())
        .then(|| view! { <Alert kind=AlertKind::Warn title="此前有抽取作废" details=lines /> }.into_any())
}
