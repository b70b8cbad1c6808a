//! 验收: scores with the suggested conclusion and its reasons; people set the conclusion.

use super::actions::Conclude;
use super::derivation::{Opened, explain};
use super::may::May;
use super::parts::{conclusion_tag, project};
use crate::components::format::score;
use crate::components::{
    Button, ButtonTone, Card, CardBody, Choice, EmptyState, FilterBar, Form, FormActions, Query, Select, Table,
    TextArea, num, text,
};
use crate::request::post;
use domain::acceptance::Conclusion;
use domain::ranking::{Ranking, Row};
use leptos::prelude::*;
use service::ranking::{KeptRanking, View};

/// Columns besides the dimensions.
const COLUMNS: usize = 7;

pub fn view(view: &View, kept: &KeptRanking, opened: Option<Opened>, may: May, query: &Query) -> AnyView {
    let ranking = &kept.ranking;
    let fits = |row: &&Row| query.get("conclusion").is_none_or(|key| row.conclusion.map(Conclusion::key) == Some(key));
    let shown: Vec<&Row> = ranking.rows.iter().filter(fits).collect();
    let departed = ranking.rows.iter().filter(|r| departs(r)).count();
    let hint = format!("{} 项 · {departed} 项结论与系统建议不一致 · 点项目编号看成绩由来并确定结论", shown.len());
    let choices = Conclusion::ALL.iter().map(|c| Choice::new(c.key(), c.label())).collect();
    let chosen = query.get("conclusion").map(str::to_owned);
    let body = if shown.is_empty() {
        view! { <EmptyState title="没有符合条件的项目" what_to_do="请放宽筛选条件。" /> }.into_any()
    } else {
        table(view, ranking, &shown, opened, may, query)
    };
    let bar = query.clone();
    view! {
        <Card title="成绩与结论" hint=hint body=CardBody::Flush>
            <FilterBar query=bar>
                <Select name="conclusion" label="结论" choices=choices value=chosen empty="全部" />
            </FilterBar>
            {body}
        </Card>
    }
    .into_any()
}

fn departs(row: &Row) -> bool {
    row.suggestion.as_ref().map(|s| s.conclusion) != row.conclusion
}

fn table(view: &View, ranking: &Ranking, shown: &[&Row], opened: Option<Opened>, may: May, query: &Query) -> AnyView {
    let span = (COLUMNS + ranking.dimensions.len()).to_string();
    let mut opened = opened;
    let rows: Vec<AnyView> = shown
        .iter()
        .map(|row| {
            let open = opened.take_if(|o| o.code == row.code);
            let line = one(view, row, open.is_some(), query);
            let detail = open.map(|opened| {
                let form = (may == May::Decide).then(|| form(view, row));
                view! {
                    <tr class="how">
                        <td colspan=span.clone()>{explain(view, row, &opened.derivation)} {form}</td>
                    </tr>
                }
            });
            view! {
                {line}
                {detail}
            }
            .into_any()
        })
        .collect();
    let mut columns = vec![text("项目"), text("名称与牵头单位"), num("原始分"), num("校准量"), num("最终分")];
    columns.extend(ranking.dimensions.iter().map(num));
    columns.extend([text("系统建议及理由"), text("结论")]);
    view! {
        <Table label="成绩与结论" class="tight ranking" columns=columns>
            <tbody>{rows}</tbody>
        </Table>
    }
    .into_any()
}

fn one(view: &View, row: &Row, open: bool, query: &Query) -> impl IntoView + use<> {
    let id = format!("row-{}", row.code);
    let other = if open { query.without("row") } else { query.with("row", row.code.clone()) };
    let href = format!("{}#{id}", other.href());
    let (title, lead) = project(&view.dossier, row);
    let points = |value: Option<domain::points::Points>| value.map_or_else(|| "—".to_owned(), |p| score(p.0));
    let dimensions = row
        .dimensions
        .iter()
        .map(|d| {
            view! {
                <td class="n">
                    {score(d.reached.0)} <span class="muted">"/" {d.reachable.short()}</span>
                </td>
            }
        })
        .collect_view();
    let suggestion = row.suggestion.as_ref().map_or_else(
        || view! { <span class="muted">"缺少成绩或指标完成情况，没有建议"</span> }.into_any(),
        |s| {
            let because = s.because.join("；");
            view! { {conclusion_tag(s.conclusion)} <span class="under">{because}</span> }.into_any()
        },
    );
    let decided = row.conclusion.map_or_else(
        || view! { <span class="muted">"未确定"</span> }.into_any(),
        |c| view! { {conclusion_tag(c)} }.into_any(),
    );
    let settled = (!row.settled.is_empty()).then(|| view! { <span class="under">{row.settled.clone()}</span> });
    view! {
        <tr id=id aria-current=open.then_some("true")>
            <td class="nowrap">
                <a href=href aria-expanded=if open { "true" } else { "false" }>
                    {row.code.clone()}
                </a>
            </td>
            <td class="names">
                {title}
                <span class="under">{lead}</span>
            </td>
            <td class="n">{points(row.raw)}</td>
            <td class="n">{row.adjustment.replace('-', "−")}</td>
            <td class="n"><b>{points(row.score)}</b></td>
            {dimensions}
            <td class="names">{suggestion}</td>
            <td class="names">{decided} {settled}</td>
        </tr>
    }
}

fn form(view: &View, row: &Row) -> impl IntoView + use<> {
    let choices = Conclusion::ALL.iter().map(|c| Choice::new(c.key(), c.label())).collect();
    let value = row.conclusion.map(|c| c.key().to_owned());
    let hint = row.suggestion.as_ref().map_or_else(
        || "没有系统建议，须写明理由".to_owned(),
        |s| format!("系统建议为“{}”；与建议不一致的须写明理由", s.conclusion),
    );
    let own = vec![("application", row.application.to_string())];
    let (round, code, reason) = (view.dossier.round.id.to_string(), row.code.clone(), row.settled.clone());
    view! {
        <Form action={post::<Conclude>()} own=own class="form conclude">
            <input type="hidden" name="round" value=round />
            <input type="hidden" name="code" value=code />
            <Select name="conclusion" label="验收结论" choices=choices value=value empty="请选择" />
            <TextArea
                name="reason"
                label="理由"
                rows=2
                value=reason
                hint=hint
                maxlength=Some(1000)
            />
            <FormActions>
                <Button tone=ButtonTone::Primary>"确定结论"</Button>
                <span class="note">"会签之前可以修改；每次修改都记入审计"</span>
            </FormActions>
        </Form>
    }
}
