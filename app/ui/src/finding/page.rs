//! One application: its objective points, and in an acceptance round its indicators and knock-outs.

use super::editing::Editing;
use super::list::{missing, title};
use super::{knockout, objective};
use crate::components::{Alert, LinkButton, PageHead, Tag, Tone};
use crate::frame::{Page, page};
use crate::request::path_id;
use crate::routes::Round;
use domain::application::Application;
use domain::ids::{ApplicationId, RoundId};
use domain::round::RoundKind;
use leptos::prelude::*;
use service::Error;
use service::finding::Established;

#[component]
pub fn FindingPage() -> AnyView {
    let round = path_id::<RoundId>("round");
    let application = path_id::<ApplicationId>("application");
    page(move |ctx| async move {
        let found = service::finding::established(&ctx, round?).await?;
        let application = found.dossier.application(application?).ok_or(Error::NotFound)?;
        let task = found.dossier.task(application).ok_or(Error::NotFound)?;
        let editing = Editing::of(&ctx, &found.dossier.round);
        let acceptance = (found.dossier.round.kind == RoundKind::Acceptance)
            .then(|| knockout::card(&found, application, task, editing));
        let view = view! {
            {head(&found, application, &task.title)}
            {editing.notice().map(|words| view! { <Alert title=words /> })}
            {acceptance}
            {objective::card(&found, application, editing)}
        };
        Ok(Page::new(format!("{} {}", application.code, title(&found)), view).of(found.dossier.round.clone()))
    })
}

fn head(found: &Established, application: &Application, task: &str) -> impl IntoView + use<> {
    let dossier = &found.dossier;
    let round = Round(dossier.round.id);
    let panel = dossier.panel_of(application.id).and_then(|p| dossier.panel(p)).map(|p| p.name.clone());
    let lead = application.lead().map(|l| l.name.clone()).unwrap_or_default();
    let facts =
        format!("{}；{task}；牵头单位：{lead}；{}", panel.unwrap_or_else(|| "未分组".to_owned()), application.form);
    let lacking = missing(found, application);
    let (label, tone) =
        if lacking == 0 { ("齐全".to_owned(), Tone::Good) } else { (format!("缺 {lacking} 项"), Tone::Warn) };
    let list = round.findings();
    let material = round.application(application.id);
    let next = next_lacking(found, application).map(|a| {
        let href = round.finding(a.id);
        view! { <LinkButton href=href>{format!("下一个未齐全：{}", a.code)}</LinkButton> }
    });
    view! {
        <PageHead
            eyebrow=title(found)
            title=format!("{} {}", application.code, application.title)
            lede=move || view! { {facts} " " <Tag label=label tone=tone /> }
            actions=move || view! {
                {next}
                <LinkButton href=material>"申报材料"</LinkButton>
                <LinkButton href=list>"返回列表"</LinkButton>
            }
        />
    }
}

/// The next application that lacks points: in the same panel first, going around.
fn next_lacking<'a>(found: &'a Established, present: &Application) -> Option<&'a Application> {
    let dossier = &found.dossier;
    let own = dossier.panel_of(present.id);
    let mut lacking: Vec<_> = dossier.eligible().filter(|a| a.id != present.id && missing(found, a) > 0).collect();
    lacking.sort_by_key(|a| (dossier.panel_of(a.id) != own, a.code <= present.code, &a.code));
    lacking.first().copied()
}
