//! 席位: who sits where.

use crate::components::{Card, CardBody, Table, num, text};
use domain::ids::ExpertId;
use domain::panel::Panel;
use leptos::prelude::*;
use service::assignment::SharedWords;
use service::dossier::Dossier;
use service::draw::Affinities;
use service::session::RosterLine;
use std::collections::HashMap;
use std::sync::Arc;

/// Words shown of those an expert shares with the panel.
const SHOWN: usize = 4;

/// Facts about the seats beside the experts on them.
pub struct Facts {
    pub affinity: Affinities,
    pub recusals: HashMap<ExpertId, usize>,
    pub shared: Arc<SharedWords>,
}

pub fn tables(dossier: &Dossier, roster: &[RosterLine], facts: &Facts) -> AnyView {
    let cards = dossier
        .panels
        .iter()
        .map(|panel| {
            let own: Vec<_> = roster.iter().filter(|line| line.seat.panel == panel.id).collect();
            card(dossier, panel, &own, facts)
        })
        .collect_view();
    view! { {cards} }.into_any()
}

fn card(dossier: &Dossier, panel: &Panel, own: &[&RosterLine], facts: &Facts) -> AnyView {
    let of = |line: &RosterLine| facts.recusals.get(&line.expert.id).copied().unwrap_or(0);
    let recused: usize = own.iter().map(|line| of(line)).sum();
    let footer = match (own.is_empty(), recused) {
        (true, _) => String::new(),
        (false, 0) => "✓ 所列专家与本组全部项目均无回避情形".to_owned(),
        (false, n) => format!("▲ 组内有 {n} 对专家与项目须回避：相应专家不评相应项目，也看不到其材料和评分"),
    };
    let rows = own
        .iter()
        .map(|line| {
            let fit = facts.affinity.get(&(panel.name.clone(), line.expert.code.clone()));
            let recused = of(line);
            let shared = facts.shared.get(&line.expert.id).filter(|words| !words.is_empty());
            let shared = shared.map(|words| words.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("、"));
            view! {
                <tr>
                    <td class="tnum">{line.seat.number}</td>
                    <td class="tnum">{line.expert.code.clone()}</td>
                    <td class="nowrap">{line.expert.name.clone()}</td>
                    <td>{line.expert.employer.clone()}</td>
                    <td class="nowrap">{line.seat.role.label()}</td>
                    <td>
                        {line.expert.specialities.clone()}
                        {shared.map(|words| view! { <div class="muted small">"与本组项目同词："{words}</div> })}
                    </td>
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
            <Table
                label=label
                columns=[
                    text("席位"), text("编号"), text("姓名"), text("单位"), text("类别"), text("专业"), num("匹配度"), num("须回避"),
                ]
            >
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
    .into_any()
}
