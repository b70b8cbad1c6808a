//! The expert's rounds and applications.

use super::actions::{SubmitComplete, SubmitSheet, WithdrawSheet};
use crate::components::{
    Button, ButtonSize, ButtonTone, Card, CardBody, EmptyState, Form, PageHead, ProgressBar, Table, Tag, Tone, num,
    text,
};
use crate::frame::{Page, page};
use crate::request::post;
use crate::routes;
use domain::round::Work;
use domain::sheet::{EntryProblem, Sheet};
use leptos::prelude::*;
use service::scoring::{Bridged, Desk, DeskLine};

#[component]
pub fn DesksPage() -> AnyView {
    page(|ctx| async move {
        let desks = service::scoring::desks(&ctx).await?;
        let round = match desks.as_slice() {
            [only] => Some(only.round.clone()),
            _ => None,
        };
        let cards = if desks.is_empty() {
            view! { <EmptyState title="您目前没有评审任务" what_to_do="抽取并签到后，评审项目会出现在这里" /> }
                .into_any()
        } else {
            desks.into_iter().map(desk).collect_view().into_any()
        };
        let page = Page::new(
            "评分台",
            view! {
                <PageHead title="评分台" lede=|| "独立评分：在结果公布前，看不到其他专家的评分" />
                {cards}
            },
        );
        Ok(match round {
            Some(round) => page.of(round),
            None => page,
        })
    })
}

fn desk(desk: Desk) -> impl IntoView {
    let own = desk.lines.iter().filter(|l| matches!(l, DeskLine::Own { .. })).count() as u64;
    let done =
        desk.lines.iter().filter(|l| matches!(l, DeskLine::Own { sheet, .. } if sheet.is_submitted())).count() as u64;
    let open = desk.round.permits(Work::Score).is_ok();
    let complete = desk.lines.iter().filter(|line| is_complete(line)).count();
    let round = desk.round.id.to_string();
    let submit_all = (open && complete > 0).then(|| {
        view! {
            <Form action={post::<SubmitComplete>()}>
                <input type="hidden" name="round" value=round />
                <Button tone=ButtonTone::Primary>{format!("提交已填完的 {complete} 份")}</Button>
            </Form>
        }
    });
    let rows = desk.lines.into_iter().map(|l| line(l, open)).collect_view();
    let hint = format!("{} · 专家 {} 号 · {}", desk.panel, desk.seat, desk.round.step);
    view! {
        <Card title=desk.round.title hint=hint body=CardBody::Flush>
            {if own == 0 && done == 0 {
                view! { <EmptyState title="评分尚未开始" what_to_do="请等待组织者宣布开始" /> }.into_any()
            } else {
                view! {
                    <div class="body row">
                        <ProgressBar done=done total=own label="已提交" />
                        {submit_all}
                    </div>
                    <Table
                        label="评审项目"
                        columns=[text("项目编号"), text("项目名称"), text("状态"), text("尚缺"), num("合计"), text("操作")]
                    >
                        <tbody>{rows}</tbody>
                    </Table>
                }
                    .into_any()
            }}
        </Card>
    }
}

fn line(line: DeskLine, open: bool) -> AnyView {
    match line {
        DeskLine::Recused => view! {
            <tr class="void">
                <td>"—"</td>
                <td>"本项目您已回避"</td>
                <td><Tag label="回避" glyph="╱" /></td>
                <td>"—"</td>
                <td class="n">"—"</td>
                <td></td>
            </tr>
        }
        .into_any(),
        DeskLine::Own { sheet, code, title, bridge, total, missing } => {
            let (label, tone) = match (sheet.is_submitted(), sheet.version) {
                (true, _) => ("已提交".to_owned(), Tone::Good),
                (false, 0) => ("未评".to_owned(), Tone::Neutral),
                (false, _) if missing.is_empty() => ("待提交".to_owned(), Tone::Warn),
                (false, _) => ("未填完".to_owned(), Tone::Warn),
            };
            let href = routes::desk(sheet.id);
            let lacking = if sheet.is_draft() && sheet.version > 0 { missing_words(&missing) } else { String::new() };
            let act = open.then(|| act(&sheet, missing.is_empty()));
            let words = if open || sheet.is_submitted() { title } else { format!("{title}（未开放）") };
            view! {
                <tr>
                    <td class="nowrap"><a href=href.clone()>{code}</a></td>
                    <td>
                        <a href=href>{words}</a>
                        {(bridge == Bridged::Across)
                            .then(|| view! { <div class="small muted">"连接评审：其他评审组的项目"</div> })}
                    </td>
                    <td class="nowrap"><Tag label=label tone=tone /></td>
                    <td class="small">{lacking}</td>
                    <td class="n">{total.map_or_else(|| "—".to_owned(), |t| t.to_string())}</td>
                    <td class="nowrap">{act}</td>
                </tr>
            }
            .into_any()
        }
    }
}

fn is_complete(line: &DeskLine) -> bool {
    matches!(line, DeskLine::Own { sheet, missing, .. } if sheet.is_draft() && missing.is_empty())
}

/// The one thing to do with a sheet from here.
fn act(sheet: &Sheet, complete: bool) -> Option<AnyView> {
    let (id, version) = (sheet.id.to_string(), sheet.version.to_string());
    if sheet.is_submitted() {
        let form = view! {
            <Form action={post::<WithdrawSheet>()}>
                <input type="hidden" name="sheet" value=id />
                <Button size=ButtonSize::Small title="恢复为草稿，改好后重新提交">"撤回"</Button>
            </Form>
        };
        return Some(form.into_any());
    }
    complete.then(|| {
        view! {
            <Form action={post::<SubmitSheet>()}>
                <input type="hidden" name="sheet" value=id />
                <input type="hidden" name="version" value=version />
                <Button size=ButtonSize::Small>"提交"</Button>
            </Form>
        }
        .into_any()
    })
}

/// Every missing thing, the items by their codes.
fn missing_words(missing: &[EntryProblem]) -> String {
    let mut said: Vec<(&str, Vec<&str>)> = Vec::new();
    for item in missing {
        match said.iter_mut().find(|(problem, _)| *problem == item.problem) {
            Some((_, codes)) => codes.push(&item.code),
            None => said.push((&item.problem, vec![&item.code])),
        }
    }
    let words = |(problem, codes): &(&str, Vec<&str>)| match codes.as_slice() {
        ["vote"] => "推荐意见".to_owned(),
        codes => format!("{} {problem}", codes.join("、")),
    };
    said.iter().map(words).collect::<Vec<_>>().join("；")
}
