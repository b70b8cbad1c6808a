//! The dry run: every problem with its place, what would be imported, and the button only when all is right.

use super::actions::ConfirmImport;
use super::whole::{self, whole};
use crate::components::{
    Alert, AlertKind, Button, ButtonTone, Card, CardBody, Checkbox, EmptyState, Form, FormActions, LinkButton, Need,
    PageHead, Table, TextArea, num, text,
};
use crate::frame::{Page, page};
use crate::request::{path_id, post, query};
use crate::routes;
use domain::import::{ImportKind, ImportState};
use domain::round::Intake;
use leptos::prelude::*;
use service::import::{Counts, DryRun};

/// Problems listed on the page; the rest is counted.
const LISTED: usize = 200;

#[component]
pub fn DryRunPage() -> AnyView {
    let id = path_id("import");
    let given = whole(&query());
    page(move |ctx| async move {
        let run = service::import::dry_run(&ctx, id?, given).await?;
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
        let title = match (run.problems.is_empty(), run.counts.rows(), &run.to_see) {
            (false, ..) => "文件有问题，尚未导入任何数据",
            (true, 0, _) => "没有要导入的内容",
            (true, _, Some(_)) => "可以导入，请先看过提示",
            (true, _, None) => "核对无误，可以导入",
        };
        let Counts { new, updated, same } = run.counts;
        let lede =
            format!("新增 {new} 行，更新 {updated} 行，与已有内容一致 {same} 行；问题 {} 处", run.problems.len());
        let verdict = verdict(&run, home);
        let lacking = whole::card(&run);
        let (problems, left_out) = (problems(&run), left_out(&run));
        let changes = changes(&run);
        let (sample, seen) = (sample(&run), seen(&run));
        Ok(Page::new(
            "核对导入文件",
            view! {
                <PageHead title=title eyebrow=format!("{} · {}", run.kind, run.name) lede=move || lede />
                {verdict}
                {lacking}
                {problems}
                {changes}
                {left_out}
                {sample}
                {seen}
            },
        ))
    })
}

fn home(run: &DryRun) -> String {
    match (run.kind, run.batch) {
        (ImportKind::Applications | ImportKind::Tasks, Some(batch)) => routes::batch(batch),
        _ => routes::EXPERTS.to_owned(),
    }
}

fn verdict(run: &DryRun, home: String) -> AnyView {
    let again = routes::new_import(run.kind, run.batch);
    if run.problems.is_empty() && run.counts.rows() > 0 {
        let (words, import) = (act(run.counts), run.id.to_string());
        let seen = run.to_see.clone().map(|digest| {
            view! {
                <Checkbox
                    name="seen"
                    value=digest
                    label=to_see(run)
                    need=Need::Required
                />
            }
        });
        let late = run.round.as_ref().filter(|round| round.intake() == Intake::Late).map(|round| {
            let hint = format!(
                "“{}”已到“{}”。补录的申报要逐项补做形式审查、回避比对和分组，理由记入审计",
                round.title, round.step,
            );
            view! { <TextArea name="late" label="补录的理由" need=Need::Required rows=2 hint=hint /> }
        });
        let lands = landing(run);
        let said = whole::pairs(run.whole).iter().map(|(name, key)| format!("{name}={key}")).collect::<Vec<_>>();
        let given = (!said.is_empty()).then(|| view! { <input type="hidden" name="whole" value=said.join("&") /> });
        return view! {
            <Card title="第二步：导入" hint="全部导入，或一行也不导入">
                <Form action={post::<ConfirmImport>()} class="form">
                    <input type="hidden" name="import" value=import />
                    <input type="hidden" name="to" value=home />
                    {given}
                    {lands}
                    {late}
                    {seen}
                    <FormActions>
                        <Button tone=ButtonTone::Primary>{words}</Button>
                        <LinkButton href=again>"换一个文件"</LinkButton>
                    </FormActions>
                </Form>
            </Card>
        }
        .into_any();
    }
    let (kind, title, detail) = match (run.problems.is_empty(), run.counts.same) {
        (false, _) => {
            (AlertKind::Error, "不能导入", "请按下表逐处改正后重新上传；有问题的文件一行也不会导入".to_owned())
        }
        (true, 0) => (AlertKind::Error, "不能导入", "文件中没有数据行".to_owned()),
        (true, same) => (AlertKind::Info, "不需导入", format!("{same} 行与已有内容完全一致，没有要更改的")),
    };
    view! {
        <Alert
            kind=kind
            title=title
            details=vec![detail]
            actions=move || view! { <LinkButton href=again>"重新上传"</LinkButton> }
        />
    }
    .into_any()
}

fn act(counts: Counts) -> String {
    match counts {
        Counts { new, updated: 0, .. } => format!("导入 {new} 行"),
        Counts { new: 0, updated, .. } => format!("更新 {updated} 行"),
        Counts { new, updated, .. } => format!("新增 {new} 行，更新 {updated} 行"),
    }
}

/// What whoever confirms the import says to have seen.
fn to_see(run: &DryRun) -> &'static str {
    match (run.changes.is_empty(), is_left_out(run)) {
        (true, _) => "我已逐条看过“没有读取的内容与提示”，照此导入",
        (false, false) => "我已逐条看过“将更改的内容”，照此更新",
        (false, true) => "我已逐条看过“将更改的内容”和“没有读取的内容与提示”，照此导入",
    }
}

/// Every cell of filed entries that changes.
fn changes(run: &DryRun) -> AnyView {
    if run.changes.is_empty() {
        return ().into_any();
    }
    let file = whole::address(routes::import_problems(run.id), run.whole);
    let blank = |text: &str| if text.is_empty() { "（空）".to_owned() } else { text.to_owned() };
    let rows = run
        .changes
        .iter()
        .take(LISTED)
        .map(|changed| {
            view! {
                <tr>
                    <td class="nowrap">{format!("{} 第{}行", changed.sheet, changed.row)}</td>
                    <td class="nowrap">{changed.code.clone()}</td>
                    <td>{changed.name.clone()}</td>
                    <td class="nowrap">{changed.change.column.clone()}</td>
                    <td>{blank(&changed.change.from)}</td>
                    <td>{blank(&changed.change.to)}</td>
                </tr>
            }
        })
        .collect_view();
    let columns = [text("位置"), text("编号"), text("名称"), text("列"), text("现为"), text("改为")];
    view! {
        <Card
            title="将更改的内容"
            hint=listed(run.changes.len())
            body=CardBody::Flush
            actions=move || view! { <LinkButton href=file download="">"下载全部"</LinkButton> }
        >
            <Table label="将更改的内容" columns=columns>
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
    .into_any()
}

/// Where the applications will be found.
fn landing(run: &DryRun) -> Option<AnyView> {
    let words = match (run.kind, &run.round) {
        (ImportKind::Experts | ImportKind::Tasks, _) => return None,
        (_, Some(round)) => format!("列入“{}”", round.title),
        (_, None) => "本批次还没有遴选轮次：先存入批次，建立轮次时自动列入".to_owned(),
    };
    Some(view! { <p class="hint">{words}</p> }.into_any())
}

fn problems(run: &DryRun) -> AnyView {
    if run.problems.is_empty() {
        return ().into_any();
    }
    let rows = run.problems.iter().map(Line::of).collect();
    let file = whole::address(routes::import_problems(run.id), run.whole);
    view! {
        <Card
            title="问题"
            hint=listed(run.problems.len())
            body=CardBody::Flush
            actions=move || view! { <LinkButton href=file download="">"下载全部问题"</LinkButton> }
        >
            {lines("问题", rows)}
        </Card>
    }
    .into_any()
}

fn is_left_out(run: &DryRun) -> bool {
    !run.notes.is_empty() || run.seen.iter().any(|seen| !seen.aside.is_empty() || seen.is_unread())
}

/// What the file holds and the import leaves out: whole sheets, rows, and data of rows.
fn left_out(run: &DryRun) -> AnyView {
    if !is_left_out(run) {
        return ().into_any();
    }
    let mut rows: Vec<Line> = Vec::new();
    for seen in run.seen.iter().filter(|seen| seen.is_unread()) {
        rows.push(Line {
            sheet: seen.sheet.clone(),
            cell: "整个工作表".to_owned(),
            value: format!("{}行", seen.rows),
            reason: "没有可识别的表头。若其中有需要导入的数据，请按模板改表头后重新上传".to_owned(),
            ..Line::default()
        });
    }
    for seen in &run.seen {
        rows.extend(seen.aside.iter().map(|aside| Line {
            sheet: seen.sheet.clone(),
            cell: format!("第{}行", aside.row),
            value: aside.text.clone(),
            reason: format!("看作{}，没有读作数据", aside.why),
            ..Line::default()
        }));
    }
    rows.extend(run.notes.iter().map(Line::of));
    view! {
        <Card title="没有读取的内容与提示" hint=listed(rows.len()) body=CardBody::Flush>
            {lines("没有读取的内容与提示", rows)}
        </Card>
    }
    .into_any()
}

fn listed(count: usize) -> String {
    let more = count.saturating_sub(LISTED);
    if more > 0 {
        format!("共{count}处，先列出 {LISTED} 处，另有 {more} 处")
    } else {
        format!("共{count}处")
    }
}

/// One place of the file and what there is to say of it.
#[derive(Default)]
struct Line {
    sheet: String,
    cell: String,
    column: String,
    value: String,
    reason: String,
}

impl Line {
    fn of(problem: &service::import::Problem) -> Self {
        Self {
            sheet: problem.sheet.clone(),
            cell: problem.cell.clone(),
            column: problem.column.clone(),
            value: problem.value.clone(),
            reason: problem.reason.clone(),
        }
    }
}

fn lines(label: &'static str, lines: Vec<Line>) -> impl IntoView {
    let rows = lines
        .into_iter()
        .take(LISTED)
        .map(|line| {
            view! {
                <tr>
                    <td>{line.sheet}</td>
                    <td class="nowrap">{line.cell}</td>
                    <td class="nowrap">{line.column}</td>
                    <td>{line.value}</td>
                    <td>{line.reason}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label=label columns=[text("工作表"), text("位置"), text("列"), text("内容"), text("原因")]>
            <tbody>{rows}</tbody>
        </Table>
    }
}

fn sample(run: &DryRun) -> AnyView {
    if run.sample.is_empty() {
        return ().into_any();
    }
    let columns = match run.kind {
        ImportKind::Experts => ["位置", "专家编号", "姓名", "类别", "领域", "工作单位", "任职经历"],
        ImportKind::Tasks => ["位置", "任务编号", "任务名称", "类别", "领域", "完成时限", "考核指标"],
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
                    <td class="n">{s.aside.len().to_string()}</td>
                    <td>{s.unread.join("、")}</td>
                    <td>{s.hidden.words().map(|words| format!("{words}，已照常读取"))}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Card title="工作表" body=CardBody::Flush>
            <Table label="工作表" columns=[text("名称"), text("读作"), num("数据行"), num("略过行"), text("没有读取的列"), text("隐藏内容")]>
                <tbody>{rows}</tbody>
            </Table>
        </Card>
    }
    .into_any()
}
