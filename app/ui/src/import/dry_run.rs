//! The dry run: every problem with its place, what would be imported, and the button only when all is right.

use super::actions::ConfirmImport;
use crate::components::{
    Alert, AlertKind, Button, ButtonTone, Card, CardBody, EmptyState, FormActions, LinkButton, PageHead, Table, num,
    text,
};
use crate::frame::{Page, page};
use crate::request::{path_id, post};
use crate::routes;
use domain::import::{ImportKind, ImportState};
use leptos::prelude::*;
use service::import::DryRun;

/// Problems listed on the page; the rest is counted.
const LISTED: usize = 200;

#[component]
pub fn DryRunPage() -> AnyView {
    let id = path_id("import");
    page(move |ctx| async move {
        let run = service::import::dry_run(&ctx, id?).await?;
        let home = home(&run);
        if run.state == ImportState::Done {
            return Ok(Page::new(
                "已导入",
                view! {
                    <PageHead title=format!("{}已导入", run.kind) eyebrow=run.name.clone() />
                    <Card><EmptyState title="这个文件已经导入" what_to_do="不会重复导入" actions=move || view! { <LinkButton href=home>"查看"</LinkButton> } /></Card>
                },
            ));
        }
        let title = if run.problems.is_empty() {
            "核对无误，可以导入"
        } else {
            "文件有问题，尚未导入任何数据"
        };
        let lede = format!("可导入 {} 行，问题 {} 处", run.rows, run.problems.len());
        let verdict = verdict(&run, home);
        let (problems, sample, seen) = (problems(&run), sample(&run), seen(&run));
        Ok(Page::new(
            "核对导入文件",
            view! {
                <PageHead title=title eyebrow=format!("{} · {}", run.kind, run.name) lede=move || lede />
                {verdict}
                {problems}
                {sample}
                {seen}
            },
        ))
    })
}

fn home(run: &DryRun) -> String {
    match (run.kind, run.batch) {
        (ImportKind::Applications, Some(batch)) => routes::batch(batch),
        _ => routes::EXPERTS.to_owned(),
    }
}

fn verdict(run: &DryRun, home: String) -> AnyView {
    let again = routes::new_import(run.kind, run.batch);
    if run.problems.is_empty() && run.rows > 0 {
        let (words, import) = (format!("导入 {} 行", run.rows), run.id.to_string());
        return view! {
            <Card title="第二步：导入" hint="全部导入，或一行也不导入">
                <form method="post" action={post::<ConfirmImport>()} class="form">
                    <input type="hidden" name="import" value=import />
                    <input type="hidden" name="to" value=home />
                    <FormActions>
                        <Button tone=ButtonTone::Primary>{words}</Button>
                        <LinkButton href=again>"换一个文件"</LinkButton>
                    </FormActions>
                </form>
            </Card>
        }
        .into_any();
    }
    let details = if run.rows == 0 && run.problems.is_empty() {
        vec!["文件中没有数据行".to_owned()]
    } else {
        vec!["请按下表逐处改正后重新上传；有问题的文件一行也不会导入".to_owned()]
    };
    view! {
        <Alert
            kind=AlertKind::Error
            title="不能导入"
            details=details
            actions=move || view! { <LinkButton href=again>"重新上传"</LinkButton> }
        />
    }
    .into_any()
}

fn problems(run: &DryRun) -> AnyView {
    if run.problems.is_empty() {
        return ().into_any();
    }
    let more = run.problems.len().saturating_sub(LISTED);
    let rows = run
        .problems
        .iter()
        .take(LISTED)
        .map(|p| {
            view! {
                <tr>
                    <td>{p.sheet.clone()}</td>
                    <td class="nowrap">{p.cell.clone()}</td>
                    <td class="nowrap">{p.column.clone()}</td>
                    <td>{p.value.clone()}</td>
                    <td>{p.reason.clone()}</td>
                </tr>
            }
        })
        .collect_view();
    let hint = if more > 0 { format!("先列出 {LISTED} 处，另有 {more} 处") } else { String::new() };
    view! {
        <Card title="问题" hint=hint body=CardBody::Flush>
            <Table label="问题" columns=[text("工作表"), text("单元格"), text("列"), text("内容"), text("原因")]>
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
    .into_any()
}

fn sample(run: &DryRun) -> AnyView {
    if run.sample.is_empty() {
        return ().into_any();
    }
    let columns = match run.kind {
        ImportKind::Experts => ["位置", "专家编号", "姓名", "类别", "领域", "工作单位", "任职经历"],
        ImportKind::Applications => ["位置", "项目编号", "项目名称", "任务", "牵头单位", "成员", "总投资"],
    };
    let rows = run
        .sample
        .iter()
        .map(|line| {
            let cells = line.iter().map(|cell| view! { <td>{cell.clone()}</td> }).collect_view();
            view! { <tr>{cells}</tr> }
        })
        .collect_view();
    view! {
        <Card title="前几行读作" hint="请确认各列没有读错" body=CardBody::Flush>
            <Table label="前几行" columns=columns.map(text)>
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
    .into_any()
}

fn seen(run: &DryRun) -> AnyView {
    let rows = run
        .seen
        .iter()
        .map(|s| {
            view! {
                <tr>
                    <td>{s.sheet.clone()}</td>
                    <td>{s.kind.label()}</td>
                    <td class="n">{s.rows.to_string()}</td>
                    <td class="n">{s.skipped.to_string()}</td>
                    <td>{s.unread.join("、")}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Card title="工作表" body=CardBody::Flush>
            <Table label="工作表" columns=[text("名称"), text("读作"), num("数据行"), num("略过行"), text("没有读取的列")]>
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
    .into_any()
}
