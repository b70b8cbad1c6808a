//! The page: search, list, pages.

use super::detail::detail;
use crate::components::format::thousands;
use crate::components::{
    Alert, AlertKind, Card, CardBody, EmptyState, Field, FilterBar, InputKind, LinkButton, PageHead, Pager, Query,
    Table, Tag, Tone, num, text,
};
use crate::frame::{Page, page};
use crate::request::{Window, query};
use crate::time;
use domain::access::Role;
use leptos::prelude::*;
use service::audit::{Action, AuditLine, AuditResult};
use service::integrity::Examined;

#[component]
pub fn AuditPage() -> AnyView {
    let query = query();
    page(move |ctx| async move {
        let search = query.get("q").unwrap_or_default().trim().to_owned();
        let window = Window::of(&query);
        let (lines, total) = service::audit::page(&ctx, &search, window.page - 1, window.size).await?;
        let list = if lines.is_empty() { nothing(&search, &query).into_any() } else { table(lines).into_any() };
        let verified = match query.get("verify") {
            Some(_) => Some(verified(&service::integrity::verify(&ctx).await?)),
            None => None,
        };
        let again = query.with("verify", "1").href();
        let content = view! {
            <PageHead
                title="审计"
                lede=|| "每一次变更都在同一事务中记录，只增不改，逐条相链；时间为北京时间"
                actions=move || view! { <LinkButton href=again>"核验审计链"</LinkButton> }
            />
            {verified}
            <Card body=CardBody::Flush>
                <FilterBar query=query.clone() keep={&["size"]}>
                    <Field
                        name="q"
                        label="查找"
                        kind=InputKind::Search
                        value=search
                        placeholder="操作人、事项或内容"
                    />
                </FilterBar>
                {actions(&query)}
                {list}
                <Pager query=query.clone() total=total page=window.page size=window.size />
            </Card>
        };
        Ok(Page::new("审计", content))
    })
}

/// A verification's findings over the whole chain and what it vouches for.
fn verified(found: &Examined) -> AnyView {
    let (chain, total) = (&found.chain, thousands(found.chain.rows));
    let mut faults: Vec<String> = chain.faults.iter().map(ToString::to_string).collect();
    faults.extend(found.altered.iter().map(|(round, what)| format!("轮次“{round}”：{what}与审计链中的摘要不符")));
    if faults.is_empty() {
        let facts = vec![
            format!("共 {total} 条，逐条重算摘要，均与写入时相同"),
            "各轮次的评审办法、申报、分组、席位、回避、抽取、评分表、客观分、指标、计算记录和会签均与审计链中的摘要相符".to_owned(),
            format!("末条摘要 {}", chain.hash),
            "整条链是否被重写，须与另行保存的每日摘要比对：hengping audit verify --digests 文件夹".to_owned(),
        ];
        view! { <Alert kind=AlertKind::Ok title="审计链完整" details=facts /> }.into_any()
    } else {
        let title = format!("有{}处与审计链不符（共 {total} 条）", faults.len());
        view! { <Alert kind=AlertKind::Error title=title details=faults /> }.into_any()
    }
}

/// Every kind of event as a link, for whoever does not know its name.
fn actions(query: &Query) -> impl IntoView + use<> {
    let links = Action::ALL
        .iter()
        .map(|action| {
            let href = query.without("page").with("q", action.label()).href();
            let current = (query.get("q") == Some(action.label())).then_some("true");
            view! { <a href=href aria-current=current>{action.label()}</a> }
        })
        .collect_view();
    view! {
        <details class="kinds small">
            <summary>"按事项查看"</summary>
            <p class="row">{links}</p>
        </details>
    }
}

fn nothing(search: &str, query: &Query) -> impl IntoView + use<> {
    let title =
        if search.is_empty() { "没有记录".to_owned() } else { format!("没有与“{search}”相符的记录") };
    let href = query.without("q").without("page").href();
    view! {
        <EmptyState
            title=title
            what_to_do="事项须写全称，例如“提交评分表”；也可用“按事项查看”选择。"
            actions=move || view! { <a href=href>"显示全部"</a> }
        />
    }
}

fn table(lines: Vec<AuditLine>) -> impl IntoView {
    let rows = lines.into_iter().map(row).collect_view();
    view! {
        <Table
            label="审计记录"
            class="tight"
            columns=[num("序号"), text("时间"), text("操作人"), text("角色"), text("来源"), text("事项"), text("对象"), text("内容")]
        >
            <tbody>{rows}</tbody>
        </Table>
    }
}

fn row(line: AuditLine) -> impl IntoView {
    let AuditLine { row, action, object, told } = line;
    let id = row.object_id.map(|id| id.to_string());
    // Ids of one moment begin alike; their end tells them apart.
    let short = id.as_deref().and_then(|id| id.get(id.len().saturating_sub(6)..)).map(str::to_owned);
    let refused =
        (row.result == AuditResult::Refused).then(|| view! { <Tag label="被拒绝" tone=Tone::Warn glyph="✕" /> });
    let changed = row.before.is_some() || row.after.is_some();
    let digests = changed.then(|| {
        let short = |digest: Option<String>| digest.map_or_else(|| "无".to_owned(), |d| d.chars().take(12).collect());
        format!("摘要 {} → {}", short(row.before), short(row.after))
    });
    view! {
        <tr>
            <td class="n" title=row.link.hash>{row.link.seq.to_string()}</td>
            <td class="nowrap tnum">{time::stamp(row.at)}</td>
            <td class="nowrap">{row.actor}</td>
            <td class="nowrap">{row.role.map(Role::label)}</td>
            <td class="nowrap tnum">{row.address}</td>
            <td class="nowrap">{action} {refused}</td>
            <td class="nowrap" title=id>
                {object}
                {short.map(|s| view! { " " <code class="muted">{s}</code> })}
            </td>
            <td class="facts">{detail(told)} {digests.map(|words| view! { <span class="small muted">{words}</span> })}</td>
        </tr>
    }
}
