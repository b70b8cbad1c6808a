//! 决定事项: what waits for others to agree, and what they agreed to.

use crate::answer::{Beside, Done, Refusal, answer, done};
use crate::components::{
    Button, ButtonTone, Card, CardBody, Confirm, EmptyState, Field, FormActions, Need, PageHead, Table, Tag, Tone, text,
};
use crate::frame::{Page, page};
use crate::request::{context, id, path_id, post};
use crate::routes::{self, of_round};
use crate::time;
use domain::access::Department;
use domain::consent::{ConsentState, Needs, Proposal};
use domain::ids::RoundId;
use leptos::prelude::*;
use service::consent::{Acted, Concern, Shown};

/// Where somebody is sent whose act waits for others.
pub fn waiting(round: &str, needs: Needs) -> Result<Done, Refusal> {
    done(of_round(round, routes::Round::consents), format!("已提请，尚未生效：须由{needs}同意"))
}

/// 同意决定事项
#[server(endpoint = "agree_act")]
pub async fn agree_act(round: String, consent: String) -> Result<(), ServerFnError> {
    let back = of_round(&round, routes::Round::consents);
    answer(&back, async {
        match service::agreement::agree(&context()?, id(&round)?, id(&consent)?).await? {
            Acted::Done(()) => done(&back, "已同意，并已执行"),
            Acted::Waiting(needs) => done(&back, format!("已同意；还须由{needs}同意")),
        }
    })
    .await
}

/// 退回决定事项
#[server(endpoint = "decline_act")]
pub async fn decline_act(round: String, consent: String, reason: String) -> Result<(), ServerFnError> {
    let back = of_round(&round, routes::Round::consents);
    answer(&back, async {
        service::consent::decline(&context()?, id(&round)?, id(&consent)?, &reason).await.beside("reason")?;
        done(&back, "已退回，没有执行")
    })
    .await
}

#[component]
pub fn ConsentsPage() -> AnyView {
    let id = path_id("round");
    page(move |ctx| async move {
        let round = service::round::get(&ctx, id?).await?;
        let all = service::consent::of_round(&ctx, round.id).await?;
        let (open, over): (Vec<_>, Vec<_>) = all.into_iter().partition(|own| is_open(own.consent.state));
        let content = view! {
            <PageHead
                title="决定事项"
                lede=|| "需要第二人或三个部门同意的事项在这里等待；同意的人齐了即执行。同一人不得代表两个部门，提请人不能自己复核"
            />
            {waiting_cards(round.id, open)}
            {closed(&over)}
        };
        Ok(Page::new("决定事项", content).of(round))
    })
}

const fn is_open(state: ConsentState) -> bool {
    matches!(state, ConsentState::Open | ConsentState::Carrying)
}

fn waiting_cards(round: RoundId, open: Vec<Shown>) -> AnyView {
    if open.is_empty() {
        let what_to_do = "作废抽取、定向指派、递补、把法定回避认定为不回避、作废评分表等，由一人提请后在此等待另一人";
        return view! { <Card title="等待同意"><EmptyState title="没有等待的事项" what_to_do=what_to_do /></Card> }
            .into_any();
    }
    open.into_iter().map(|own| card(round, own)).collect_view().into_any()
}

fn card(round: RoundId, own: Shown) -> AnyView {
    let consent = &own.consent;
    let needs = consent.needs();
    let missing = match needs {
        Needs::ThreeDepartments => {
            let missing =
                Department::ALL.iter().filter(|own| consent.assents.iter().all(|by| by.department != Some(**own)));
            format!("待{}同意", missing.map(|own| own.label()).collect::<Vec<_>>().join("、"))
        }
        Needs::SecondPerson | Needs::One => "待另一部门的第二人同意".to_owned(),
    };
    let hint = if consent.state == ConsentState::Carrying {
        "执行中断；可退回后重新提请".to_owned()
    } else {
        missing
    };
    let mine = own.awaits_caller.then(|| buttons(round, &own));
    let decline = (!own.awaits_caller && own.may_decline).then(|| decline(round, &own));
    view! {
        <Card title=consent.proposal.act().label() hint=hint>
            {facts(&own)}
            <div class="row">{mine}{decline}</div>
        </Card>
    }
    .into_any()
}

fn buttons(round: RoundId, own: &Shown) -> AnyView {
    let (label, consent) = (own.consent.proposal.act().label(), own.consent.id.to_string());
    view! {
        <Confirm label="同意" tone=ButtonTone::Primary>
            <p>{format!("您同意“{label}”。同意的人齐了立即执行，不能撤回。")}</p>
            <form method="post" action={post::<AgreeAct>()} class="row">
                <input type="hidden" name="round" value=round.to_string() />
                <input type="hidden" name="consent" value=consent />
                <Button tone=ButtonTone::Primary>"确认同意"</Button>
            </form>
        </Confirm>
        {decline(round, own)}
    }
    .into_any()
}

fn decline(round: RoundId, own: &Shown) -> AnyView {
    let consent = own.consent.id.to_string();
    view! {
        <Confirm label="退回">
            <form method="post" action={post::<DeclineAct>()} class="form">
                <input type="hidden" name="round" value=round.to_string() />
                <input type="hidden" name="consent" value=consent />
                <Field name="reason" label="理由" need=Need::Required maxlength=Some(500) />
                <FormActions>
                    <Button>"确认退回"</Button>
                </FormActions>
            </form>
        </Confirm>
    }
    .into_any()
}

/// What is asked for, of whom, why, and by whom.
fn facts(own: &Shown) -> AnyView {
    let lines = content(own).into_iter().map(|line| view! { <p>{line}</p> }).collect_view();
    let agreed = own.agreed.iter().enumerate().map(agreed).collect_view();
    view! { {lines} <div class="small muted">{agreed}</div> }.into_any()
}

/// The first has asked for it, the others have agreed.
fn agreed((place, own): (usize, &(Option<Department>, String, domain::Timestamp))) -> impl IntoView + use<> {
    let (department, name, at) = own;
    let what = if place == 0 { "提请" } else { "同意" };
    let by = format!("{what}：{} {name}，", department.map_or("组织者", Department::label));
    view! { <p>{by} <span class="tnum nowrap">{time::stamp(*at)}</span></p> }
}

fn content(own: &Shown) -> Vec<String> {
    let concerns: Vec<String> = own.concerns.iter().map(concern).collect();
    let about = |reason: &str| {
        let mut lines = concerns.clone();
        lines.push(format!("理由：{reason}"));
        lines
    };
    match &own.consent.proposal {
        Proposal::Assign { demand, reason } => vec![format!("席位要求：{demand}"), format!("理由：{reason}")],
        Proposal::Replace { leaving } => {
            let line = |(place, (_, why, reason)): (usize, &(_, domain::leave::Leave, _))| {
                format!("{}：{why}，{reason}", concerns.get(place).map_or("", String::as_str))
            };
            leaving.iter().enumerate().map(line).collect()
        }
        Proposal::VoidDraw { reason, .. }
        | Proposal::Dismiss { reason, .. }
        | Proposal::UndoDeclaration { reason, .. }
        | Proposal::VoidSheet { reason, .. } => about(reason.as_str()),
        Proposal::Advance { from } => {
            vec![format!("由“{from}”进入“{}”", from.next().map_or("", domain::round::Step::label))]
        }
    }
}

fn concern(own: &Concern) -> String {
    let expert = own.expert.as_ref().map(|expert| format!("{} {}（{}）", expert.code, expert.name, expert.employer));
    let application = own.application.as_ref().map(|(code, title)| format!("项目 {code} {title}"));
    [expert, application].into_iter().flatten().collect::<Vec<_>>().join("，")
}

fn closed(over: &[Shown]) -> AnyView {
    if over.is_empty() {
        return ().into_any();
    }
    let rows = over.iter().map(closed_row).collect_view();
    view! {
        <Card title="已办结" body=CardBody::Flush>
            <Table label="已办结" columns=[text("事项"), text("内容"), text("同意人"), text("结果"), text("时间")]>
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
    .into_any()
}

fn closed_row(own: &Shown) -> impl IntoView + use<> {
    let done = own.consent.state == ConsentState::Done;
    let outcome = if done {
        view! { <Tag label="已执行" tone=Tone::Good /> }.into_any()
    } else {
        view! { <Tag label="已退回" /> " " {own.consent.reason.clone()} }.into_any()
    };
    let lines = content(own).into_iter().map(|line| view! { <p>{line}</p> }).collect_view();
    let agreed = own.agreed.iter().enumerate().map(agreed).collect_view();
    view! {
        <tr>
            <td>{own.consent.proposal.act().label()}</td>
            <td>{lines}</td>
            <td>{agreed}</td>
            <td>{outcome}</td>
            <td class="nowrap tnum">{own.consent.closed_at.map(time::stamp)}</td>
        </tr>
    }
}
