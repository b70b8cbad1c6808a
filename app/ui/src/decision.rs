//! 三厅会签: the card that shows what is signed and by whom, and lets a coordinator sign for the own department.

use crate::answer::{Beside, done};
use crate::ceremony::KeyCeremony;
use crate::components::{Button, ButtonTone, Card, Confirm, Tag, Tone};
use crate::request::{coded, context, id, post};
use crate::routes;
use crate::time::date_time;
use domain::access::Department;
use domain::ids::RoundId;
use domain::round::Gate;
use leptos::prelude::*;
use service::Error;
use service::decision::{Signature, SignedBy, Signing};

/// 会签
#[server(endpoint = "countersign")]
pub async fn countersign(
    round: String,
    gate: String,
    digest: String,
    #[server(default)] answer: String,
) -> Result<(), ServerFnError> {
    let signed = gate.parse().unwrap_or(Gate::Shortlist);
    let back = format!("{}#sign", routes::of_round(&round, |round| round.gate(signed)));
    crate::answer::answer(&back, async {
        let ctx = context()?;
        let gate: Gate = coded(&gate, "会签事项").beside("gate")?;
        let department = ctx.actor.department().map_err(Error::from)?;
        service::decision::countersign_by_key(&ctx, id(&round)?, gate, &digest, &answer).await?;
        done(&back, format!("{department}已会签“{gate}”"))
    })
    .await
}

/// The content to sign and the signatures. Where `may_sign` names the caller's department, also the button.
#[component]
pub fn CountersignCard(
    round: RoundId,
    signing: Signing,
    /// The department the caller may sign for now; `None` shows the state only.
    #[prop(optional_no_strip)]
    may_sign: Option<Department>,
    /// What the caller's security key is asked to sign, for whoever has one.
    #[prop(optional_no_strip)]
    question: Option<String>,
    /// Why nobody can sign now, or who is awaited.
    #[prop(optional, into)]
    note: crate::components::Text,
) -> AnyView {
    let Signing { gate, digest, signed } = signing;
    let count = signed.len();
    let lines = Department::ALL.iter().map(|department| line(*department, &signed)).collect_view();
    let waiting = |department: &Department| signed.iter().all(|own| own.department != *department);
    let form = may_sign.filter(waiting).zip(digest.clone()).map(|(department, digest)| {
        let label = format!("以{department}名义会签");
        view! {
            <Confirm label=label tone=ButtonTone::Primary>
                <p>{commitment(gate)}</p>
                <form method="post" action={post::<Countersign>()} class="row">
                    <input type="hidden" name="round" value=round.to_string() />
                    <input type="hidden" name="gate" value=gate.key() />
                    <input type="hidden" name="digest" value=digest />
                    {signing_button(question)}
                    <span class="small muted">"会签后不能撤回"</span>
                </form>
            </Confirm>
        }
    });
    let note = note.get().map(|words| view! { <p class="small muted">{words}</p> });
    let digest = digest.map_or_else(
        || view! { <p class="muted">"还没有可会签的内容。"</p> }.into_any(),
        |digest| digest_line(&digest).into_any(),
    );
    view! {
        <Card title=format!("三厅会签 · {gate}") hint=format!("已签 {count}/{}", Department::ALL.len()) id="sign">
            <div class="signing">
                <div class="stack">
                    <p>{content(gate)}</p>
                    {digest}
                    {note}
                    {form}
                </div>
                <ul class="signs">{lines}</ul>
            </div>
        </Card>
    }
    .into_any()
}

/// By key for whoever has one, whose answer goes with the form.
fn signing_button(question: Option<String>) -> AnyView {
    match question {
        Some(question) => {
            view! { <KeyCeremony question=question new=false label="用安全密钥会签".to_owned() /> }.into_any()
        }
        None => view! { <Button tone=ButtonTone::Primary>"确认会签"</Button> }.into_any(),
    }
}

fn line(department: Department, signed: &[Signature]) -> impl IntoView + use<> {
    match signed.iter().find(|own| own.department == department) {
        Some(own) => {
            let by = match own.by {
                SignedBy::Session => None,
                SignedBy::Key => Some(view! { <Tag label="安全密钥签名" tone=Tone::Accent /> }),
                SignedBy::Nothing => Some(view! { <Tag label="密钥签名与内容不符" tone=Tone::Bad /> }),
            };
            view! {
                <li>
                    <b>{department.label()}</b>
                    <Tag label="已会签" tone=Tone::Good />
                    {by}
                    <span class="small muted tnum">{own.name.clone()} " · " {date_time(own.at)}</span>
                </li>
            }
            .into_any()
        }
        None => view! {
            <li>
                <b>{department.label()}</b>
                <Tag label="未会签" />
                <span class="small muted">"待该厅协调员会签"</span>
            </li>
        }
        .into_any(),
    }
}

/// The first and last letters, enough to compare by eye with a printed page; the whole on demand.
fn digest_line(digest: &str) -> impl IntoView + use<> {
    let short = format!("{}…{}", digest.get(..12).unwrap_or(digest), digest.get(52..).unwrap_or_default());
    view! {
        <details class="small">
            <summary>"内容摘要（SHA-256）" <code>{short}</code></summary>
            <code>{digest.to_owned()}</code>
            <p class="muted">"摘要由全部内容算出：内容有任何改动，摘要即不同，此前的会签自动失效，须重新会签。"</p>
        </details>
    }
}

/// The content that a signature under this gate covers.
const fn content(gate: Gate) -> &'static str {
    match gate {
        Gate::Terms => {
            "会签的是：评分细则（全部指标、分值、评分标准）、评审办法（校准方法、去极值、名额与范围、合格线、最少份数、依据）和回避基准日。\
             三厅均会签后即冻结，不能再修改。"
        }
        Gate::Shortlist => {
            "会签的是本页排序记录的全部内容：每个项目的名次、原始分、校准量、最终分、各维度得分、入围建议或验收结论，以及会商理由。\
             三厅均会签后方可进入公示。"
        }
    }
}

const fn commitment(gate: Gate) -> &'static str {
    match gate {
        Gate::Terms => "本部门已审阅评分细则与评审办法，同意按此冻结。",
        Gate::Shortlist => "本部门已审阅本页排序结果与会商意见，同意按此公示。",
    }
}
