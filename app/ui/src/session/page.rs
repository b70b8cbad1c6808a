//! The roster by panel with who has come.

use super::actions::{MarkExpectedPresent, SetPresence};
use crate::components::{
    Alert, Button, ButtonSize, Card, CardBody, EmptyState, LinkButton, PageHead, ProgressBar, Table, Tag, Tone, text,
};
use crate::frame::{Page, page};
use crate::request::{path_id, post};
use crate::routes::Round;
use domain::access::Permission;
use domain::ids::RoundId;
use domain::panel::Panel;
use domain::round::{When, Work};
use domain::seat::Presence;
use leptos::prelude::*;
use service::dossier::Dossier;
use service::session::RosterLine;

/// Whether presence may be noted here and now.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Noting {
    Open,
    Closed,
}

#[component]
pub fn SessionPage() -> AnyView {
    let round = path_id::<RoundId>("round");
    page(move |ctx| async move {
        let (dossier, roster) = service::session::roster(&ctx, round?).await?;
        let when = dossier.round.when(Work::NoteArrivals);
        let may = ctx.may(Permission::RunSession);
        let noting = if may && when == When::Now { Noting::Open } else { Noting::Closed };
        let count = |presence: Presence| roster.iter().filter(|l| l.seat.presence == presence).count();
        let (present, absent) = (count(Presence::Present), count(Presence::Absent));
        let (expected, total) = (count(Presence::Expected), roster.len());
        let facts = format!("{total} 名专家：已签到 {present}，缺席 {absent}，待签到 {expected}");
        let notice = match when {
            When::Ahead => Some("尚未进入签到承诺。专家就位并进入“签到承诺”后，由组织者在此登记到会情况。"),
            When::Over => Some("已开始评分，到会情况不再变更。"),
            When::Now if !may => Some("到会情况由组织者登记；您可以查看。"),
            When::Now => None,
        };
        let content = if roster.is_empty() {
            let href = Round(dossier.round.id).draw();
            view! {
                <Card body=CardBody::Flush>
                    <EmptyState
                        title="尚无专家就位"
                        what_to_do="请先完成分组，并在“抽取”步骤抽取专家。"
                        actions=move || view! { <LinkButton href=href>"抽取专家"</LinkButton> }
                    />
                </Card>
            }
            .into_any()
        } else {
            let cards = dossier.panels.iter().map(|p| card(&dossier, p, &roster, noting)).collect_view();
            view! {
                <Card title="到会进度">
                    <ProgressBar done=(present + absent) as u64 total=total as u64 label="已登记（签到或缺席）" />
                </Card>
                {cards}
            }
            .into_any()
        };
        let view = view! {
            <PageHead title="签到承诺" lede=move || facts />
            {notice.map(|words| view! { <Alert title=words /> })}
            {content}
        };
        Ok(Page::new("签到承诺", view).of(dossier.round.clone()))
    })
}

fn card(dossier: &Dossier, panel: &Panel, roster: &[RosterLine], noting: Noting) -> AnyView {
    let own: Vec<_> = roster.iter().filter(|l| l.seat.panel == panel.id).collect();
    let count = |presence: Presence| own.iter().filter(|l| l.seat.presence == presence).count();
    let expected = count(Presence::Expected);
    let hint = format!(
        "{} 项；已签到 {} / {}，缺席 {}",
        dossier.in_panel(panel.id).count(),
        count(Presence::Present),
        own.len(),
        count(Presence::Absent)
    );
    let (round, id) = (dossier.round.id.to_string(), panel.id.to_string());
    let all = (noting == Noting::Open && expected > 0).then(|| {
        let (round, id) = (round.clone(), id.clone());
        view! {
            <form method="post" action={post::<MarkExpectedPresent>()}>
                <input type="hidden" name="round" value=round />
                <input type="hidden" name="panel" value=id />
                <Button size=ButtonSize::Small title="已登记缺席的不变">{format!("待签到的 {expected} 名全部签到")}</Button>
            </form>
        }
    });
    let rows = own.iter().map(|line| row(&round, &id, line, noting)).collect_view();
    let label = format!("{}到会情况", panel.name);
    let mut columns = ["席位", "编号", "姓名", "单位", "类别", "到会情况"].map(text).to_vec();
    columns.extend((noting == Noting::Open).then(|| text("登记").class("acts-head")));
    let anchor: String = id.chars().filter(char::is_ascii_hexdigit).collect();
    view! {
        <Card
            title=panel.name.clone()
            hint=hint
            id=format!("p-{anchor}")
            body=CardBody::Flush
            actions=move || all
        >
            <Table label=label class="middle" columns=columns>
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
    .into_any()
}

fn row(round: &str, panel: &str, line: &RosterLine, noting: Noting) -> impl IntoView + use<> {
    let presence = line.seat.presence;
    let tone = match presence {
        Presence::Present => Tone::Good,
        Presence::Absent => Tone::Bad,
        Presence::Expected => Tone::Neutral,
    };
    let forms = (noting == Noting::Open).then(|| {
        let buttons = [(Presence::Present, "签到"), (Presence::Absent, "缺席"), (Presence::Expected, "撤销")]
            .into_iter()
            .filter(|(to, _)| *to != presence)
            .map(|(to, label)| {
                let title = format!("{}：{label}", line.expert.name);
                view! { <Button size=ButtonSize::Small name="presence" value=to.key() title=title>{label}</Button> }
            })
            .collect_view();
        view! {
            <td class="acts">
                <form method="post" action={post::<SetPresence>()} class="buttons">
                    <input type="hidden" name="round" value=round.to_owned() />
                    <input type="hidden" name="panel" value=panel.to_owned() />
                    <input type="hidden" name="expert" value=line.expert.id.to_string() />
                    {buttons}
                </form>
            </td>
        }
    });
    view! {
        <tr>
            <td class="tnum">{line.seat.number}</td>
            <td class="tnum">{line.expert.code.clone()}</td>
            <td class="nowrap">{line.expert.name.clone()}</td>
            <td>{line.expert.employer.clone()}</td>
            <td class="nowrap">{line.seat.role.label()}</td>
            <td><Tag label=presence.label() tone=tone /></td>
            {forms}
        </tr>
    }
}
