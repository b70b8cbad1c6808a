//! The sheets of one panel: applications down, seats across.

use super::cell::{cell, guest};
use crate::components::{Query, Table, num, text};
use crate::routes::Round;
use domain::rubric::ExactScore;
use domain::seat::Seat;
use domain::sheet::{SheetState, Vote};
use leptos::prelude::*;
use service::dossier::Dossier;
use service::scoring::{BoardRow, Outlier};

/// Whether totals are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Values {
    Shown,
    Sealed,
}

pub fn table(
    dossier: &Dossier,
    name: &str,
    seats: &[Seat],
    rows: &[BoardRow],
    values: Values,
    query: &Query,
) -> AnyView {
    let visited = rows.iter().any(|row| !row.guests.is_empty());
    let class = if values == Values::Shown { "seat-head n" } else { "seat-head" };
    let seat = |seat: &Seat| text(format!("专家 {} 号", seat.number)).below(seat.role.label()).class(class);
    let mut columns = vec![text("项目")];
    columns.extend(seats.iter().map(seat));
    columns.extend(visited.then(|| text("连接评审").below("其他组专家").class("seat-head")));
    match values {
        Values::Shown => columns.extend(["平均", "推荐票"].map(num)),
        Values::Sealed => columns.push(num("已提交")),
    }
    let lines = rows.iter().map(|row| line(dossier, seats, row, (values, visited), query)).collect_view();
    view! {
        <Table label=format!("{name}评分表") class="middle board-table" columns=columns>
            <tbody>{lines}</tbody>
        </Table>
    }
    .into_any()
}

fn line(
    dossier: &Dossier,
    seats: &[Seat],
    row: &BoardRow,
    (values, visited): (Values, bool),
    query: &Query,
) -> AnyView {
    let application = dossier.application(row.application);
    let (code, title) = application.map(|a| (a.code.clone(), a.title.clone())).unwrap_or_default();
    let href = Round(dossier.round.id).application(row.application);
    let full = title.clone();
    let chosen = query.get("sheet");
    let cells =
        seats.iter().zip(&row.cells).map(|(seat, sheet)| cell(seat, sheet.as_ref(), query, chosen)).collect_view();
    let guests = visited.then(|| {
        let guests = row.guests.iter().map(|(seat, sheet)| {
            let home = dossier.panel(seat.panel).map_or_else(String::new, |p| p.name.clone());
            guest(format!("{home}{}号", seat.number), sheet, query, chosen)
        });
        view! { <td class="sheet">{guests.collect_view()}</td> }
    });
    let closing = match values {
        Values::Shown => {
            let far = row.sheets().any(|c| c.outlier == Outlier::FarFromMean);
            let (recommended, votes) = votes(row);
            let mean = mean(row).map_or_else(|| "—".to_owned(), |m| m.rounded().to_string());
            view! {
                <td class="n">
                    <b>{mean}</b>
                    {far.then(|| view! { <span class="sr">"（有偏离的评分表）"</span> })}
                </td>
                <td class="n">{format!("{recommended}/{votes}")}</td>
            }
            .into_any()
        }
        Values::Sealed => {
            let (submitted, total) = submitted(row);
            view! { <td class="n">{format!("{submitted}/{total}")}</td> }.into_any()
        }
    };
    view! {
        <tr>
            <th scope="row" class="project">
                <a href=href class="tnum">{code}</a>
                <small class="clip muted" title=full>{title}</small>
            </th>
            {cells}
            {guests}
            {closing}
        </tr>
    }
    .into_any()
}

/// Submitted sheets and sheets that count, of one application.
pub fn submitted(row: &BoardRow) -> (usize, usize) {
    let live = row.sheets().filter(|c| !matches!(c.state, SheetState::Voided { .. }));
    let done = live.clone().filter(|c| matches!(c.state, SheetState::Submitted { .. })).count();
    (done, live.count())
}

fn votes(row: &BoardRow) -> (usize, usize) {
    let votes = row.sheets().filter_map(|c| c.vote);
    (votes.clone().filter(|v| *v == Vote::Recommend).count(), votes.count())
}

/// The arithmetic mean of the submitted totals, exact. All sheets of one application share the denominator.
fn mean(row: &BoardRow) -> Option<ExactScore> {
    let totals: Vec<_> = row.sheets().filter_map(|c| c.total).collect();
    let count = i128::try_from(totals.len()).ok()?;
    let denominator = totals.first()?.denominator * count;
    Some(ExactScore { numerator: totals.iter().map(|t| t.numerator).sum(), denominator })
}
