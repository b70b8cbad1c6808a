//! Lists as they stand: applications, recusals, experts.

use super::{Document, beijing, hand_out};
use crate::dossier::Dossier;
use crate::{Context, Result, conflict, expert};
use domain::access::Permission;
use domain::ids::RoundId;
use domain::invitation::NobodyToInvite;
use export::Cell;
use export::table::{Table, to_xlsx};

pub(super) fn headers(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

/// 邀请链接: issued for the seated experts of a round who have no account, and told only here.
///
/// # Errors
/// `Denied` without `ManageAccounts`.
pub async fn invitations(ctx: &Context, round: RoundId) -> Result<Document> {
    let invited = crate::account::invite(ctx, round).await?;
    if invited.is_empty() {
        return Err(NobodyToInvite.into());
    }
    let until = invited.first().map_or_else(String::new, |one| format!("，{}前有效", beijing(one.until)));
    let rows = invited.into_iter().map(|one| {
        let link = format!("{}/invitation?key={}", ctx.app.address, one.link.as_str());
        vec![Cell::text(one.name), Cell::text(one.login), Cell::text(link)]
    });
    let table = Table {
        title: "专家邀请链接".to_owned(),
        lines: vec![format!("每个链接只能使用一次{until}；请逐一发给本人，由本人打开并设定密码。重新下载后旧链接作废")],
        headers: headers(&["姓名", "登录名", "邀请链接"]),
        rows: rows.collect(),
    };
    hand_out(ctx, Some(round), "专家邀请链接.xlsx".to_owned(), to_xlsx(&table)?).await
}

/// 申报汇总.
///
/// # Errors
/// `Denied` without `Export`, `NotFound`.
pub async fn applications(ctx: &Context, round: RoundId) -> Result<Document> {
    ctx.require(Permission::Export)?;
    let dossier = Dossier::load(ctx, round).await?;
    let rows = (1..)
        .zip(&dossier.applications)
        .map(|(n, a)| {
            let panel = dossier.panel_of(a.id).and_then(|p| dossier.panel(p)).map(|p| p.name.clone());
            let participants: Vec<_> = a.participants().map(|m| m.name.clone()).collect();
            vec![
                Cell::count(n),
                Cell::text(&a.code),
                Cell::text(dossier.task(a).map(|t| t.title.clone()).unwrap_or_default()),
                Cell::text(&a.title),
                Cell::text(a.form.label()),
                Cell::text(a.lead().map(|l| l.name.clone()).unwrap_or_default()),
                Cell::text(participants.join("、")),
                Cell::text(a.recommender.label()),
                Cell::Number(a.investment.0 as f64 / 1_000_000.0),
                Cell::Number(a.investment.support_cap().0 as f64 / 1_000_000.0),
                Cell::text(a.state.label()),
                Cell::text(panel.unwrap_or_default()),
            ]
        })
        .collect();
    let table = Table {
        title: format!("{}申报汇总", dossier.round.title),
        lines: vec![format!("依据：{}；生成时间：{}", dossier.batch.basis, beijing(ctx.now()))],
        headers: headers(&[
            "序号",
            "项目编号",
            "榜单任务",
            "项目名称",
            "申报形式",
            "牵头单位",
            "参与单位",
            "推荐单位",
            "总投资（万元）",
            "支持上限（万元）",
            "形式审查",
            "评审组",
        ]),
        rows,
    };
    hand_out(ctx, Some(round), format!("{}-申报汇总.xlsx", dossier.round.title), to_xlsx(&table)?).await
}

/// 回避登记表.
///
/// # Errors
/// `Denied` without `Export` and `ReadConflicts`, `NotFound`.
pub async fn conflicts(ctx: &Context, round: RoundId) -> Result<Document> {
    ctx.require(Permission::Export)?;
    let picture = conflict::load(ctx, round).await?;
    let rows = (1..)
        .zip(&picture.conflicts)
        .map(|(n, c)| {
            let expert = picture.experts.get(&c.expert);
            let application = picture.dossier.application(c.application);
            vec![
                Cell::count(n),
                Cell::text(expert.map(|e| e.code.clone()).unwrap_or_default()),
                Cell::text(expert.map(|e| e.name.clone()).unwrap_or_default()),
                Cell::text(application.map(|a| a.code.clone()).unwrap_or_default()),
                Cell::text(c.rule.label()),
                Cell::text(c.rule.source()),
                Cell::text(&c.evidence.expert_side),
                Cell::text(&c.evidence.application_side),
                Cell::text(c.origin.label()),
                Cell::text(if c.excludes() { "回避" } else { c.decision.label() }),
                Cell::text(&c.reason),
            ]
        })
        .collect();
    let table = Table {
        title: format!("{}回避登记表", picture.dossier.round.title),
        lines: vec![format!("回避基准日：{}；生成时间：{}", picture.dossier.round.reference_day, beijing(ctx.now()))],
        headers: headers(&[
            "序号",
            "专家编号",
            "姓名",
            "项目编号",
            "回避情形",
            "依据",
            "专家一方事实",
            "申报一方事实",
            "来源",
            "认定",
            "理由",
        ]),
        rows,
    };
    hand_out(ctx, Some(round), format!("{}-回避登记表.xlsx", picture.dossier.round.title), to_xlsx(&table)?).await
}

/// 专家名单, narrowed as on the page.
///
/// # Errors
/// `Denied` without `ReadExperts` and `Export`.
pub async fn experts(ctx: &Context, filter: &expert::Filter) -> Result<Document> {
    ctx.require(Permission::Export)?;
    let rows = (1..)
        .zip(expert::narrowed(ctx, filter).await?)
        .map(|(n, e)| {
            let sectors: Vec<_> = e.sectors.iter().map(|s| s.label()).collect();
            vec![
                Cell::count(n),
                Cell::text(&e.code),
                Cell::text(&e.name),
                Cell::text(e.source.label()),
                Cell::text(e.role.label()),
                Cell::text(sectors.join("、")),
                Cell::text(&e.specialities),
                Cell::text(e.disciplines.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")),
                Cell::text(&e.title),
                Cell::text(&e.employer),
                Cell::text(e.employer_uscc.as_ref().map(ToString::to_string).unwrap_or_default()),
                Cell::text(e.standing.label()),
            ]
        })
        .collect();
    let table = Table {
        title: "专家名单".to_owned(),
        lines: vec![format!("生成时间：{}", beijing(ctx.now()))],
        headers: headers(&[
            "序号",
            "专家编号",
            "姓名",
            "来源部门",
            "专家类别",
            "重点领域",
            "专业方向",
            "学科",
            "职称",
            "工作单位",
            "统一社会信用代码",
            "在库状态",
        ]),
        rows,
    };
    hand_out(ctx, None, "专家名单.xlsx".to_owned(), to_xlsx(&table)?).await
}
