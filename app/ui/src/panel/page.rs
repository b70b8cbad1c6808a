//! The panel page: grouping while it is open, and the seats.

use super::grouping::{Grouping, panels, plan_form};
use super::{feasibility, seating};
use crate::answer::Refusal;
use crate::components::{Alert, PageHead};
use crate::frame::{Page, page};
use crate::request::path_id;
use domain::access::Permission;
use domain::ids::RoundId;
use domain::round::{When, Work};
use leptos::prelude::*;
use service::assignment::Demand;

#[component]
pub fn PanelsPage() -> AnyView {
    let round = path_id::<RoundId>("round");
    page(move |ctx| async move {
        let round = round?;
        let (dossier, roster) = service::session::roster(&ctx, round).await?;
        let affinity = service::draw::affinity(&ctx, round).await?;
        let recusals = service::assignment::recusals(&ctx, round).await?;
        let shared = service::assignment::shared_words(&ctx, round).await?;
        let when = dossier.round.when(Work::Group);
        let may = ctx.may(Permission::AssignExperts);
        let grouping = if may && when == When::Now { Grouping::Open } else { Grouping::Fixed };
        let trial = if grouping == Grouping::Open && !dossier.panels.is_empty() {
            Some(service::assignment::feasibility(&ctx, round, &Demand::default()).await.map_err(Refusal::from))
        } else {
            None
        };
        let seated = roster.len();
        let facts =
            format!("{} 个评审组，{} 个项目，{seated} 个席位", dossier.panels.len(), dossier.eligible().count());
        let view = view! {
            <PageHead title="分组与席位" lede=move || facts />
            {(when == When::Ahead)
                .then(|| view! {
                    <Alert
                        title="尚未进入分组"
                        details=vec!["回避审查完成、待认定的逐条认定之后进入“分组”；分组之后进入“抽取”。".to_owned()]
                    />
                })}
            {(grouping == Grouping::Open).then(|| plan_form(&dossier))}
            {(seated > 0).then(|| seating::tables(&dossier, &roster, &seating::Facts { affinity, recusals, shared }))}
            {panels(&dossier, grouping)}
            {trial.map(|trial| feasibility::card(&trial, 0))}
        };
        Ok(Page::new("分组与席位", view).of(dossier.round.clone()))
    })
}
