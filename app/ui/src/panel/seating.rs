//! 席位: the form that asks for them, and who sits where.

use super::actions::AssignExperts;
use crate::components::{Button, ButtonTone, Card, CardBody, Field, FieldWidth, FormActions, InputKind, Query, Table};
use crate::request::post;
use domain::ids::ExpertId;
use domain::rubric::ExpertRole;
use leptos::prelude::*;
use service::assignment::{Demand, Outcome, Status};
use service::dossier::Dossier;
use service::panel::Panel;
use service::session::RosterLine;
use std::collections::HashMap;

pub fn form(dossier: &Dossier, query: &Query, seated: usize) -> AnyView {
    let usual = Demand::default();
    let field = |name: &'static str, label: String, usual: u32, hint: &'static str| {
        let value = query.get(name).map_or_else(|| usual.to_string(), ToOwned::to_owned);
        view! {
            <Field
                name=name
                label=label
                kind=InputKind::Number
                value=value
                min="0"
                max="9"
                width=FieldWidth::Short
                hint=hint
            />
        }
    };
    let seats = |name, role: ExpertRole, usual| field(name, format!("{role}专家"), usual, "每组人数");
    let fields = view! {
        {seats("technical", ExpertRole::Technical, usual.technical)}
        {seats("finance", ExpertRole::Finance, usual.finance)}
        {seats("management", ExpertRole::Management, usual.management)}
        {field("employer_cap", "同一单位上限".to_owned(), usual.employer_cap, "每组同一单位至多几人")}
        {field(
            "recusals",
            "允许个别项目回避数".to_owned(),
            usual.recusals,
            "0：与组内任一项目有回避情形即不进入该组；n：至多回避 n 个项目，不评这些项目",
        )}
    };
    let round = dossier.round.id.to_string();
    let again = seated > 0;
    let tone = if again { ButtonTone::Default } else { ButtonTone::Primary };
    let note =
        if again { "重新指派会替换全部席位" } else { "每组5、7或9人；应当回避的一律排除" };
    view! {
        <Card title="抽取与指派" hint="一名专家只在一个评审组；按专业匹配度合计最高求精确解">
            <form method="post" action={post::<AssignExperts>()} class="stack">
                <input type="hidden" name="round" value=round />
                <div class="fields">
                    {fields}
                </div>
                <FormActions note=note>
                    <Button tone=tone>{if again { "重新指派" } else { "指派专家" }}</Button>
                </FormActions>
            </form>
        </Card>
    }
    .into_any()
}

pub fn tables(
    dossier: &Dossier,
    roster: &[RosterLine],
    outcome: Option<&Outcome>,
    recusals: &HashMap<ExpertId, usize>,
) -> AnyView {
    let affinity: HashMap<_, _> = outcome
        .filter(|o| o.status != Status::Infeasible)
        .into_iter()
        .flat_map(|o| &o.assignments)
        .map(|a| ((a.application.as_str(), a.expert.as_str()), a.affinity))
        .collect();
    let cards = dossier
        .panels
        .iter()
        .map(|panel| {
            let own: Vec<_> = roster.iter().filter(|line| line.seat.panel == panel.id).collect();
            card(dossier, panel, &own, &affinity, recusals)
        })
        .collect_view();
    view! { {cards} }.into_any()
}

fn card(
    dossier: &Dossier,
    panel: &Panel,
    own: &[&RosterLine],
    affinity: &HashMap<(&str, &str), f64>,
    recusals: &HashMap<ExpertId, usize>,
) -> AnyView {
    let of = |line: &RosterLine| recusals.get(&line.expert.id).copied().unwrap_or(0);
    let recused: usize = own.iter().map(|line| of(line)).sum();
    let footer = match (own.is_empty(), recused) {
        (true, _) => String::new(),
        (false, 0) => "✓ 所列专家与本组全部项目均无回避情形".to_owned(),
        (false, n) => format!("▲ 组内有 {n} 对专家与项目须回避：相应专家不评相应项目，也看不到其材料和评分"),
    };
    let rows = own
        .iter()
        .map(|line| {
            let fit = affinity.get(&(panel.name.as_str(), line.expert.code.as_str()));
            let recused = of(line);
            view! {
                <tr>
                    <td class="tnum">{line.seat.number}</td>
                    <td class="tnum">{line.expert.code.clone()}</td>
                    <td class="nowrap">{line.expert.name.clone()}</td>
                    <td>{line.expert.employer.clone()}</td>
                    <td class="nowrap">{line.seat.role.label()}</td>
                    <td>{line.expert.specialities.clone()}</td>
                    <td class="n">{fit.map_or_else(|| "—".to_owned(), |v| format!("{v:.2}"))}</td>
                    <td class="n">{if recused == 0 { "无".to_owned() } else { format!("{recused} 项") }}</td>
                </tr>
            }
        })
        .collect_view();
    let label = format!("{}席位", panel.name);
    let hint = format!("{} 项，{} 名专家", dossier.in_panel(panel.id).count(), own.len());
    view! {
        <Card title=panel.name.clone() hint=hint footer=footer body=CardBody::Flush>
            <Table label=label>
                <thead>
                    <tr>
                        <th scope="col">"席位"</th>
                        <th scope="col">"编号"</th>
                        <th scope="col">"姓名"</th>
                        <th scope="col">"单位"</th>
                        <th scope="col">"类别"</th>
                        <th scope="col">"专业"</th>
                        <th scope="col" class="n">"匹配度"</th>
                        <th scope="col" class="n">"须回避"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
    .into_any()
}
