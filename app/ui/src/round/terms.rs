//! 细则与办法: what decides a result besides the scores, signed by three departments and then frozen.

use super::actions::SetTerms;
use super::rubric::rubric_card;
use crate::components::{
    Alert, AlertKind, Button, ButtonTone, Card, Choice, Field, FieldWidth, Form, FormActions, InputKind, KeyValue,
    KeyValues, Need, PageHead, Select, Tag, Tone, format,
};
use crate::decision::CountersignCard;
use crate::frame::{Page, page};
use crate::request::{path_id, post};
use crate::time::beijing;
use domain::access::Permission;
use domain::round::{Freeze, Gate, Method, QuotaScope, Round, Terms, Trimming};
use leptos::prelude::*;

#[component]
pub fn TermsPage() -> AnyView {
    let id = path_id("round");
    page(move |ctx| async move {
        let id = id?;
        let round = service::round::get(&ctx, id).await?;
        let signing = service::decision::signing(&ctx, id, Gate::Terms).await?;
        let open = round.frozen == Freeze::Open;
        let may_edit = open && ctx.may(Permission::FreezeTerms);
        let complete = round.terms.check().is_ok();
        let department = ctx.actor.department().ok().filter(|_| open && complete);
        let question = match (&department, &signing.digest) {
            (Some(_), Some(digest)) => service::decision::question(&ctx, id, Gate::Terms, digest).await?,
            _ => None,
        };
        let terms = if may_edit { terms_form(&round) } else { terms_facts(&round.terms) };
        let rubric = rubric_card(&round, may_edit);
        Ok(Page::new("细则与办法", view! {
            <PageHead
                title="评分细则与评审办法"
                lede=|| "评分开始前由三厅会签冻结；冻结后细则、去极值、校准方法和名额都不能再改"
                actions={let frozen = round.frozen.clone(); move || freeze_tag(&frozen)}
            />
            {(!complete).then(|| view! {
                <Alert kind=AlertKind::Warn title="评审办法尚未填写完整，不能会签" details=vec!["请填写依据并保存".to_owned()] />
            })}
            <div class="split">
                <Card title="评审办法">{terms}</Card>
                <CountersignCard round=id signing=signing may_sign=department question=question />
            </div>
            {rubric}
        })
        .of(round))
    })
}

fn freeze_tag(frozen: &Freeze) -> AnyView {
    match frozen {
        Freeze::Open => view! { <Tag label="未冻结" tone=Tone::Warn /> }.into_any(),
        Freeze::Frozen { at, digest } => {
            let words = format!("已冻结 {}", format::date_time(beijing(*at)));
            view! { <Tag label=words tone=Tone::Good title=format!("校验码 {digest}") /> }.into_any()
        }
    }
}

fn terms_facts(terms: &Terms) -> AnyView {
    let basis = if terms.basis.is_empty() { "（未填写）".to_owned() } else { terms.basis.clone() };
    let items = vec![
        KeyValue::new("校准方法", terms.method.label()),
        KeyValue::new(
            "去极值",
            format!("有效评分表不少于 {} 份时，{}", terms.trim_from, trimming_words(terms.trimming)),
        ),
        KeyValue::new("名额", format!("{} 项（{}）", terms.quota, terms.scope)),
        KeyValue::new("合格线", format!("{} 分", terms.pass_mark.short())),
        KeyValue::new("最少有效评分表", format!("{} 份", terms.min_sheets)),
        KeyValue::new("依据", basis),
    ];
    view! { <KeyValues items=items /> }.into_any()
}

const fn trimming_words(trimming: Trimming) -> &'static str {
    match trimming {
        Trimming::Totals => "去掉一个最高总分和一个最低总分",
        Trimming::Items => "每个评分项各去掉一个最高分和一个最低分，再逐项平均、相加",
    }
}

fn terms_form(round: &Round) -> AnyView {
    let (id, terms) = (round.id.to_string(), round.terms.clone());
    let methods = Method::ALL.iter().map(|m| Choice::new(m.key(), m.label())).collect();
    let trimmings = Trimming::ALL.iter().map(|t| Choice::new(t.key(), t.label())).collect();
    let scopes = QuotaScope::ALL.iter().map(|s| Choice::new(s.key(), s.label())).collect();
    view! {
        <Form action={post::<SetTerms>()} class="form grid">
            <input type="hidden" name="round" value=id />
            <Select name="method" label="校准方法" choices=methods value=terms.method.key() need=Need::Required
                hint="各方法都会计算并对照，只有冻结的方法决定结果" />
            <Select name="scope" label="名额范围" choices=scopes value=terms.scope.key() need=Need::Required />
            <Field name="quota" label="名额" kind=InputKind::Whole value=terms.quota.to_string() unit="项"
                width=FieldWidth::Short need=Need::Required />
            <Field name="pass_mark" label="合格线" value=terms.pass_mark.short() unit="分" width=FieldWidth::Short need=Need::Required />
            <Field name="trim_from" label="去极值起始份数" kind=InputKind::Whole value=terms.trim_from.to_string() unit="份"
                width=FieldWidth::Short need=Need::Required hint="达到该份数时去掉一个最高分和一个最低分" />
            <Select name="trimming" label="去极值的对象" choices=trimmings value=terms.trimming.key() need=Need::Required
                hint="按总分，或每个评分项各去一个最高、最低再相加" />
            <Field name="min_sheets" label="最少有效评分表" kind=InputKind::Whole value=terms.min_sheets.to_string() unit="份"
                width=FieldWidth::Short need=Need::Required />
            <div class="wide">
                <Field name="basis" label="依据" value=terms.basis need=Need::Required hint="会议纪要或文件的名称、条款，印在导出表上" />
            </div>
            <FormActions note="保存后须重新会签">
                <Button tone=ButtonTone::Primary>"保存"</Button>
            </FormActions>
        </Form>
    }
    .into_any()
}
