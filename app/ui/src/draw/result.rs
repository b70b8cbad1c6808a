//! The draw as it was recorded: lots with reasons, alternates, what happened afterwards, and how anyone can check it.

use super::actions::{LeaveSeat, UnmaskPhones, VoidDraw};
use crate::components::{
    Alert, AlertKind, Button, ButtonTone, Card, CardBody, Choice, Confirm, Field, Form, FormActions, KeyValue,
    KeyValues, LinkButton, Need, Pager, Query, Select, Table, Tag, Tone, num, text,
};
use crate::request::{Window, post};
use crate::routes::Round;
use crate::time;
use domain::ids::{ExpertId, RoundId};
use leptos::prelude::*;
use service::dossier::Dossier;
use service::draw::{Fate, Leave, Line, View};
use service::personal::{Sealing, Shown};
use service::session::RosterLine;
use std::collections::{BTreeMap, HashMap};

/// `sheet`: where 抽取记录表 can be had, for whoever may.
pub fn summary(view: &View, round: RoundId, sheet: Option<String>) -> AnyView {
    let accepted = view.lots.iter().filter(|line| matches!(line.fate, Fate::Seated { .. })).count();
    let when = view.drawn_at.map(time::date_time).unwrap_or_default();
    let mut items = vec![
        KeyValue::new("抽取时间", when),
        KeyValue::new(
            "结果",
            format!(
                "依次 {} 签：抽中 {accepted} 名，未中 {} 名；备选 {} 名",
                view.lots.len(),
                view.lots.len() - accepted,
                view.alternates.len()
            ),
        ),
        KeyValue::new("种子", view! { <code class="digest">{view.seed.clone()}</code> })
            .source("SHA-256（hengping-draw/1、三厅随机数、轮次、候选池摘要）"),
    ];
    items.extend(view.decided.clone().map(|words| KeyValue::new("判定方式", words)));
    let board = Round(round).draw_board();
    let record = Round(round).file("draw.json");
    let shortages: Vec<_> = view
        .shortages
        .iter()
        .map(|s| {
            let role = s.place.role.label();
            format!("{} {role}：应有备选 {} 名，只有 {} 名", s.place.application, s.wanted, s.found)
        })
        .collect();
    let acts = move || {
        view! {
            <LinkButton href=board>"投影页"</LinkButton>
            {sheet.map(|href| view! { <LinkButton href=href>"下载记录表"</LinkButton> })}
            <LinkButton href=record tone=ButtonTone::Primary download="draw.json">"下载抽取记录"</LinkButton>
        }
    };
    view! {
        {(!shortages.is_empty())
            .then(|| view! { <Alert kind=AlertKind::Warn title="部分席位备选不足，须补充专家库" details=shortages /> })}
        <Card title="抽取结果" body=CardBody::Stacked actions=acts>
            <KeyValues items=items />
            <details class="small">
                <summary>"任何人如何核验"</summary>
                <ol>
                    <li>"每个部门的承诺 = 其随机数（32字节）的 SHA-256；种子 = 上式的 SHA-256；用任何标准工具可以重算。"</li>
                    <li>"每名专家的签号 = 以种子为密钥、以专家编号为内容的 HMAC-SHA-256，与池中其他人无关；签号小的在前。"</li>
                    <li>"按签号依次：与已抽中者一起仍能排满全部席位的抽中，否则未中并记下首要原因；席位排满即止。"</li>
                    <li>"下载抽取记录，运行 " <code>"hengping replay draw.json"</code> "：重新抽取，逐字节核对；随机数、候选池或结果有任何改动都会指出在哪里。"</li>
                </ol>
            </details>
        </Card>
    }
    .into_any()
}

/// The lots in order, a page at a time.
pub fn lots(view: &View, query: &Query) -> AnyView {
    let window = Window::of(query);
    let rows = view.lots.iter().skip(window.skip()).take(window.take()).map(lot).collect_view();
    let (query, total) = (query.clone(), view.lots.len() as u64);
    view! {
        <Card title="抽取顺序" hint="签号的前12位；完整签号见抽取记录" body=CardBody::Flush>
            <Table label="抽取顺序" columns=[num("次序"), text("签号"), text("专家编号"), text("结果"), text("席位或未中原因")]>
                <tbody>{rows}</tbody>
            </Table>
            <Pager query=query total=total page=window.page size=window.size unit="个" />
        </Card>
    }
    .into_any()
}

fn lot(line: &Line) -> impl IntoView + use<> {
    let (label, tone, words) = words(&line.fate);
    view! {
        <tr>
            <td class="n">{line.order}</td>
            <td><code>{line.lot.get(..12).unwrap_or_default().to_owned()}</code></td>
            <td class="tnum">{line.expert.clone()}</td>
            <td class="nowrap"><Tag label=label tone=tone /></td>
            <td>{words}</td>
        </tr>
    }
}

/// Where a lot led: a word, its tone, and the seat or the reason.
pub fn words(fate: &Fate) -> (&'static str, Tone, String) {
    match fate {
        Fate::Seated { panel, role } => ("抽中", Tone::Good, format!("{panel} · {role}")),
        Fate::PassedOver { reason } => ("未中", Tone::Neutral, reason.clone()),
    }
}

pub fn alternates(view: &View) -> Option<AnyView> {
    if view.alternates.is_empty() {
        return None;
    }
    let rows = (1..)
        .zip(&view.alternates)
        .map(|(order, alternate)| {
            let mut by_role: BTreeMap<_, Vec<&str>> = BTreeMap::new();
            for place in &alternate.places {
                by_role.entry(place.role.label()).or_default().push(&place.application);
            }
            let places: Vec<_> =
                by_role.into_iter().map(|(role, panels)| format!("{role}：{}", panels.join("、"))).collect();
            view! {
                <tr>
                    <td class="n">{order}</td>
                    <td class="tnum">{alternate.expert.clone()}</td>
                    <td>{places.join("；")}</td>
                </tr>
            }
        })
        .collect_view();
    let card = view! {
        <Card title="备选专家" hint="按签号先后；有人不能参加时依次递补" body=CardBody::Flush>
            <Table label="备选专家" columns=[num("次序"), text("专家编号"), text("可递补的评审组和类别")]>
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    };
    Some(card.into_any())
}

pub fn events(view: &View) -> Option<AnyView> {
    if view.events.is_empty() {
        return None;
    }
    let rows = (1..)
        .zip(&view.events)
        .map(|(order, event)| {
            let kind = if event.is_supplementary() { "补充抽取" } else { "备选递补" };
            let seat = event.change.left.first().map(|a| a.application.clone()).unwrap_or_default();
            let moved = event.change.left.len() - 1;
            let skipped: Vec<_> =
                event.passed_over.iter().map(|s| format!("{}：{}", s.expert, s.reason.text())).collect();
            view! {
                <tr>
                    <td class="n">{order}</td>
                    <td class="tnum">{event.vacancy.expert.clone()}</td>
                    <td>{event.vacancy.reason.clone()}</td>
                    <td>{seat}</td>
                    <td class="tnum">{event.successor.clone()}</td>
                    <td class="nowrap">{kind}</td>
                    <td>
                        {skipped.join("；")}
                        {(moved > 0).then(|| format!("另有 {moved} 个席位随之调整"))}
                    </td>
                </tr>
            }
        })
        .collect_view();
    let card = view! {
        <Card title="递补记录" id="events" body=CardBody::Flush>
            <Table
                label="递补记录"
                columns=[
                    num("次序"), text("离席"), text("情形和理由"), text("评审组"), text("递补"), text("方式"), text("越过的备选及原因"),
                ]
            >
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    };
    Some(card.into_any())
}

/// Whom to call, and who does not come: of everybody who gives up a seat the cause and the reason, and the next in line take the seats.
pub fn leave_form(dossier: &Dossier, roster: &[RosterLine], phones: Option<&HashMap<ExpertId, Shown>>) -> AnyView {
    let round = dossier.round.id;
    let panel = |line: &RosterLine| dossier.panel(line.seat.panel).map_or("", |panel| panel.name.as_str());
    let rows = roster.iter().map(|line| leave_row(panel(line), line, phones)).collect_view();
    let asked = phones.and_then(|phones| phones_form(round, phones));
    let columns = if phones.is_some() {
        vec![text("席位"), text("专家"), text("手机号"), text("不能参加的情形"), text("理由")]
    } else {
        vec![text("席位"), text("专家"), text("不能参加的情形"), text("理由")]
    };
    view! {
        <Card
            title="通知结果与递补"
            hint="能参加的不用选；只变动离席者的席位，已评分的作废，由递补专家重新评审"
            body=CardBody::Flush
            id="leave"
        >
            {asked}
            <Form action={post::<LeaveSeat>()}>
                <input type="hidden" name="round" value=round.to_string() />
                <Table label="通知结果" columns=columns>
                    <tbody>{rows}</tbody>
                </Table>
                <div class="body">
                    <FormActions note="一并办理，有一席无人可递补则都不办理；按签号依次递补，写入抽取记录">
                        <Button tone=ButtonTone::Danger>"办理递补"</Button>
                    </FormActions>
                </div>
            </Form>
        </Card>
    }
    .into_any()
}

fn leave_row(panel: &str, line: &RosterLine, phones: Option<&HashMap<ExpertId, Shown>>) -> impl IntoView + use<> {
    let (seat, expert) = (&line.seat, &line.expert);
    let causes = Leave::ALL.iter().map(|why| Choice::new(why.key(), why.label())).collect();
    // By which the links of the invitations go, and everybody else knows the expert.
    let number = phones.is_some().then(|| view! { <span class="beside">{line.number.clone()}</span> });
    let phone = phones.map(|phones| {
        let words = match phones.get(&expert.id) {
            None => view! { <span class="muted">"未填写"</span> }.into_any(),
            Some(Shown::Clear { number, .. }) => view! { <b>{number.clone()}</b> }.into_any(),
            Some(Shown::Masked { mask, .. }) if mask.is_empty() => {
                view! { <span class="muted">"已删除"</span> }.into_any()
            }
            Some(Shown::Masked { mask, .. }) => view! { {mask.clone()} }.into_any(),
        };
        view! { <td class="tnum nowrap">{words}</td> }
    });
    view! {
        <tr>
            <td class="nowrap">{format!("{panel} · {} · 席位 {}", seat.role, seat.number)}</td>
            <td class="nowrap">{format!("{} {}", expert.code, expert.name)} {number}</td>
            {phone}
            <td class="bare">
                <Select name=format!("why.{}", line.seat.id) label=format!("{}不能参加的情形", expert.code) choices=causes empty="能参加" />
            </td>
            <td class="bare">
                <Field name=format!("reason.{}", line.seat.id) label=format!("{}离席的理由", expert.code) maxlength=200 />
            </td>
        </tr>
    }
}

/// Asks for the purpose for which the phones of all are shown.
fn phones_form(round: RoundId, phones: &HashMap<ExpertId, Shown>) -> Option<AnyView> {
    let sealed = |shown: &Shown| matches!(shown, Shown::Masked { kept: Sealing::Sealed, .. });
    let until = phones.values().find_map(|shown| match shown {
        Shown::Clear { until, .. } => Some(*until),
        Shown::Masked { .. } => None,
    });
    if let Some(until) = until.filter(|_| !phones.values().any(sealed)) {
        let words = format!("手机号显示到 {}，之后恢复隐去", time::date_time(until));
        return Some(view! { <p class="body small">{words}</p> }.into_any());
    }
    if !phones.values().any(sealed) {
        return None;
    }
    let form = view! {
        <div class="body">
            <Form action={post::<UnmaskPhones>()} class="row">
                <input type="hidden" name="round" value=round.to_string() />
                <Field
                    name="reason"
                    id="phones-reason"
                    label="查看手机号的用途"
                    need=Need::Required
                    maxlength=200
                    placeholder="如：通知评审会时间地点"
                />
                <Button>"显示全部手机号"</Button>
            </Form>
        </div>
    };
    Some(form.into_any())
}

pub fn void_form(round: RoundId) -> AnyView {
    view! {
        <Confirm label="作废本次抽取" tone=ButtonTone::Danger>
            <Form action={post::<VoidDraw>()} class="stack">
                <p class="small">"作废后席位清空，记录保留并公开；重新抽取须由三个部门重新承诺。"</p>
                <input type="hidden" name="round" value=round.to_string() />
                <Field name="reason" label="理由" need=Need::Required maxlength=200 />
                <FormActions>
                    <Button tone=ButtonTone::Danger>"作废"</Button>
                </FormActions>
            </Form>
        </Confirm>
    }
    .into_any()
}
