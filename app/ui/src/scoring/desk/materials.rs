//! The application's materials, shown beside the form.

use crate::components::{format, head, num, text};
use domain::acceptance::completion;
use domain::application::{Direction, Indicator, Member};
use domain::quantity::show_thousandths;
use domain::round::RoundKind;
use leptos::prelude::*;
use service::scoring::SheetView;

/// Anchors to the parts of the material.
pub fn tabs(view: &SheetView) -> AnyView {
    let sections = view.application.sections.iter().enumerate();
    let links = sections
        .map(|(i, s)| view! { <a class="tag" href=format!("#part-{i}")>{s.heading.clone()}</a> })
        .collect_view();
    view! {
        <a class="tag" href="#part-facts">"申报概况"</a>
        {links}
        <a class="tag" href="#part-task">"任务要求"</a>
    }
    .into_any()
}

pub fn paper(view: &SheetView) -> AnyView {
    let application = &view.application;
    let members = application.members.iter().map(member).collect_view();
    let sections = application
        .sections
        .iter()
        .enumerate()
        .map(|(i, section)| {
            let paragraphs =
                section.body.lines().filter(|l| !l.trim().is_empty()).map(|l| view! { <p>{l.to_owned()}</p> });
            view! {
                <h4 id=format!("part-{i}")>{section.heading.clone()}</h4>
                {paragraphs.collect_view()}
            }
        })
        .collect_view();
    let people = application
        .people
        .iter()
        .map(|p| view! { <tr><td>{p.name.clone()}</td><td>{p.unit.clone()}</td><td>{p.duty.clone()}</td></tr> })
        .collect_view();
    view! {
        <div class="page">
            <article class="paper">
                <h4 id="part-facts">{format!("{}　{}", application.code, application.title)}</h4>
                <p>
                    {format!(
                        "申报形式：{}；推荐单位：{}；项目总投资 {} 万元。",
                        application.form,
                        application.recommender,
                        application.investment.in_wan(),
                    )}
                </p>
                <table>
                    {head(["单位", "类型", "角色"].map(text))}
                    <tbody>{members}</tbody>
                </table>
                {sections}
                <h4>"参与人员"</h4>
                <table>
                    {head(["姓名", "单位", "分工"].map(text))}
                    <tbody>{people}</tbody>
                </table>
                {task(view)}
            </article>
        </div>
    }
    .into_any()
}

fn member(member: &Member) -> impl IntoView + use<> {
    view! { <tr><td>{member.name.clone()}</td><td>{member.kind.label()}</td><td>{member.role.label()}</td></tr> }
}

/// The task's requirements; in an acceptance round with what was reached.
fn task(view: &SheetView) -> impl IntoView + use<> {
    let acceptance = view.round.kind == RoundKind::Acceptance;
    let rows = view
        .task
        .indicators
        .iter()
        .map(|i| indicator(i, acceptance, view.indicator_results.get(&i.id).copied()))
        .collect_view();
    let mut columns = vec![text("指标"), text("类别"), num("任务要求")];
    if acceptance {
        columns.extend(["实际完成", "完成率"].map(num));
    }
    columns.push(text("核心"));
    view! {
        <h4 id="part-task">{format!("榜单任务 {}　{}", view.task.code, view.task.title)}</h4>
        <p>{view.task.content.clone()}</p>
        <p>{format!("完成时限：{}", format::date(view.task.deadline))}</p>
        <table>
            {head(columns)}
            <tbody>{rows}</tbody>
        </table>
    }
}

fn indicator(indicator: &Indicator, acceptance: bool, actual: Option<i64>) -> impl IntoView + use<> {
    let target = match indicator.direction {
        Direction::Qualitative => "定性".to_owned(),
        direction => format!("{direction} {} {}", show_thousandths(indicator.target), indicator.unit),
    };
    let reached = acceptance.then(|| {
        let value = actual.map_or_else(|| "—".to_owned(), show_thousandths);
        let rate = actual.map_or_else(|| "—".to_owned(), |a| completion(indicator, a).to_string());
        view! { <td class="n">{value}</td><td class="n">{rate}</td> }
    });
    view! {
        <tr>
            <td>{indicator.name.clone()}</td>
            <td>{indicator.kind.label()}</td>
            <td class="n">{target}</td>
            {reached}
            <td>{indicator.weighting.label()}</td>
        </tr>
    }
}
