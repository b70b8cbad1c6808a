//! The page: head, findings, the result of a 遴选 or a 验收 round, the countersignature.

use super::may::May;
use super::{acceptance, before, derivation, selection, views};
use crate::calibration::chips;
use crate::components::{Confirm, LinkButton, PageHead};
use crate::decision::CountersignCard;
use crate::frame::{Page, page};
use crate::request::{path_id, query};
use crate::routes;
use crate::time;
use domain::access::{Department, Permission};
use domain::ids::RoundId;
use domain::result::Outcome;
use domain::round::{Freeze, Gate, Round, RoundKind, When, Work};
use leptos::prelude::*;
use service::decision::Signing;
use service::ranking::KeptRanking;
use service::{Context, Result};

#[component]
pub fn RankingPage() -> AnyView {
    let round = path_id::<RoundId>("round");
    let query = query();
    page(move |ctx| async move {
        let view = service::ranking::view(&ctx, round?).await?;
        let round = view.dossier.round.clone();
        let may = if ctx.may(Permission::Calibrate) { May::Decide } else { May::Read };
        let Some(kept) = &view.ranking else {
            let lede = lede(&round);
            let content = view! {
                <PageHead title=title(&round) lede=move || lede.clone() />
                {before::before(&view, may)}
            };
            return Ok(Page::new(title(&round), content).of(round));
        };
        let opened = match query.get("row").and_then(|code| kept.ranking.rows.iter().find(|r| r.code == code)) {
            Some(row) => {
                let derivation = service::ranking::derivation(&ctx, round.id, row.application).await?;
                Some(derivation::Opened { code: row.code.clone(), derivation })
            }
            None => None,
        };
        let signing = service::decision::signing(&ctx, round.id, Gate::Shortlist).await?;
        let chips = view.calibration.as_ref().map(|kept| chips(&kept.record));
        let may_now = if round.permits(Work::Rank).is_ok() { may } else { May::Read };
        let result = match kept.ranking.kind {
            RoundKind::Selection => selection::view(&view, kept, opened, may_now, &query),
            RoundKind::Acceptance => acceptance::view(&view, kept, opened, may_now, &query),
        };
        let signing = sign(&ctx, &round, kept, signing).await?;
        let content = view! {
            {head(&ctx, &round, kept)}
            {views::tabs(round.id, kept.ranking.kind, routes::Round::ranking)}
            <div class="row">{chips} {again(&round, kept, may_now)}</div>
            {result}
            {signing}
        };
        Ok(Page::new(title(&round), content).of(round).landscape())
    })
}

const fn title(round: &Round) -> &'static str {
    match round.kind {
        RoundKind::Selection => "排序与会签",
        RoundKind::Acceptance => "成绩、结论与会签",
    }
}

/// Scope, quota, method and basis in one line.
fn lede(round: &Round) -> String {
    let terms = &round.terms;
    let places = match round.kind {
        RoundKind::Selection => format!("{}排序 · 名额 {} · ", terms.scope, terms.quota),
        RoundKind::Acceptance => String::new(),
    };
    let frozen = match &round.frozen {
        Freeze::Frozen { at, .. } => format!("，三厅会签 {}", time::date(*at)),
        Freeze::Open => String::new(),
    };
    format!("{places}冻结方法：{}（依据：{}{frozen}）", terms.method, terms.basis)
}

fn head(ctx: &Context, round: &Round, kept: &KeptRanking) -> impl IntoView + use<> {
    let at = routes::Round(round.id);
    let export = ctx.may(Permission::Export);
    let first = lede(round);
    let made = time::date_time(kept.at);
    let title = title(round);
    view! {
        <PageHead
            title=title
            lede=move || view! { {first.clone()} <br /> <span class="small">"计算于 " {made.clone()}</span> }
            actions=move || {
                view! {
                    <LinkButton href=at.calibration()>"方法对照"</LinkButton>
                    {export
                        .then(|| {
                            view! {
                                <LinkButton href=at.file("ranking.xlsx")>
                                    "导出 xlsx"
                                </LinkButton>
                            }
                        })}
                }
            }
        />
    }
}

/// Ranking again, which takes back what people decided.
fn again(round: &Round, kept: &KeptRanking, may: May) -> Option<impl IntoView + use<>> {
    (may == May::Decide).then(|| {
        let settled = kept.ranking.rows.iter().filter(|r| !r.settled.is_empty()).count();
        let warning = if settled == 0 {
            "按最近一次校准重新排序。".to_owned()
        } else {
            format!("按最近一次校准重新排序。已作的{settled}项会商意见或结论将从新记录中去除，须重新填写；旧记录保留。")
        };
        let form = before::rank_form(round, "重新计算排序");
        view! {
            <Confirm label="重新计算">
                <p>{warning}</p>
                {form}
            </Confirm>
        }
    })
}

async fn sign(ctx: &Context, round: &Round, kept: &KeptRanking, signing: Signing) -> Result<AnyView> {
    let ties = kept.ranking.rows.iter().filter(|r| r.outcome == Outcome::LineTie).count();
    let when = round.when(Work::Sign);
    let may_sign =
        if when == When::Now && ctx.may(Permission::Countersign) { Some(ctx.actor.department()?) } else { None };
    let note = match when {
        When::Ahead if ties > 0 && round.kind == RoundKind::Selection => {
            format!("尚有{ties}项跨线并列待会商。会商完毕并进入“会签”步骤后，由三厅协调员各自会签。")
        }
        When::Ahead => "进入“会签”步骤后，由三厅协调员各自会签。".to_owned(),
        When::Now if may_sign.is_none() => waiting(&signing),
        When::Now | When::Over => String::new(),
    };
    let question = match (may_sign, &signing.digest) {
        (Some(_), Some(digest)) => service::decision::question(ctx, round.id, Gate::Shortlist, digest).await?,
        _ => None,
    };
    let card = view! {
        <CountersignCard round=round.id signing=signing may_sign=may_sign question=question note=note />
    };
    Ok(card.into_any())
}

fn waiting(signing: &Signing) -> String {
    let open = Department::ALL.iter().filter(|d| signing.signed.iter().all(|own| own.department != **d));
    let names: Vec<_> = open.map(|d| d.label()).collect();
    if names.is_empty() { String::new() } else { format!("待{}会签。", names.join("、")) }
}
