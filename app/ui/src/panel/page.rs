//! The panel page: grouping while it is open, the assignment, and the seats.

use super::grouping::{Grouping, panels, plan_form};
use super::outcome::outcome;
use super::seating;
use crate::components::{Alert, PageHead};
use crate::frame::{Page, page};
use crate::request::{path_id, query};
use domain::access::Permission;
use domain::ids::RoundId;
use domain::round::Step;
use leptos::prelude::*;

#[component]
pub fn PanelsPage() -> AnyView {
    let round = path_id::<RoundId>("round");
    let query = query();
    page(move |ctx| async move {
        let round = round?;
        let (dossier, roster) = service::session::roster(&ctx, round).await?;
        let latest = service::assignment::latest(&ctx, round).await?;
        let recusals = service::assignment::recusals(&ctx, round).await?;
        let step = dossier.round.step;
        let may = ctx.require(Permission::AssignExperts).is_ok();
        let grouping = if may && step == Step::Grouping { Grouping::Open } else { Grouping::Fixed };
        let seated = roster.len();
        let facts =
            format!("{} 个评审组，{} 个项目，{seated} 个席位", dossier.panels.len(), dossier.eligible().count());
        let view = view! {
            <PageHead title="分组与指派" lede=move || facts />
            {(step < Step::Grouping)
                .then(|| view! {
                    <Alert
                        title="尚未进入分组"
                        details=vec!["回避审查完成、待认定的逐条认定之后进入“分组”；分组之后进入“抽取”指派专家。".to_owned()]
                    />
                })}
            {(grouping == Grouping::Open).then(|| plan_form(&dossier))}
            {(may && step == Step::Draw).then(|| seating::form(&dossier, &query, seated))}
            {(step >= Step::Draw).then_some(latest.as_ref()).flatten().map(|found| outcome(found, seated))}
            {(seated > 0).then(|| seating::tables(&dossier, &roster, latest.as_ref(), &recusals))}
            {panels(&dossier, grouping)}
        };
        Ok(Page::new("分组与指派", view).of(dossier.round.clone()))
    })
}
