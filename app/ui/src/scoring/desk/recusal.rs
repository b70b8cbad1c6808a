//! 申明回避: a page of its own, that says what will happen.

use crate::components::{
    Alert, AlertKind, Button, ButtonTone, Card, CardBody, Checkbox, Choice, Form, KeyValue, KeyValues, LinkButton,
    Need, PageHead, Select, TextArea,
};
use crate::frame::{Page, page};
use crate::request::{path_id, post};
use crate::routes;
use domain::conflict::Rule;
use domain::round::Work;
use leptos::prelude::*;

const RULES: [Rule; 5] =
    [Rule::Kinship, Rule::Mentorship, Rule::SameLegalPerson, Rule::FormerEmployment, Rule::OtherRelation];

const CONSEQUENCES: [&str; 3] = [
    "您对本项目的评分表作废，已提交的也作废，不计入任何结果，原表留存备查",
    "本项目的材料和评分不再向您显示；其他项目不受影响",
    "申明的情形和事由记入回避登记表。误报的，请告知协调员：独立评分期间由协调员写明理由撤销，评分表恢复为草稿",
];

#[component]
pub fn RecusalPage() -> AnyView {
    let id = path_id("sheet");
    page(move |ctx| async move {
        let (sheet, _) = service::scoring::sheet(&ctx, id?).await?;
        sheet.round.permits(Work::DeclareConflict)?;
        let back = routes::desk(sheet.sheet.id);
        let facts = vec![
            KeyValue::new("项目", format!("{}　{}", sheet.application.code, sheet.application.title)),
            KeyValue::new("轮次", sheet.round.title.clone()),
            KeyValue::new("您的评分表", if sheet.sheet.is_submitted() { "已提交" } else { "尚未提交" }),
        ];
        let choices = RULES.iter().map(|rule| Choice::new(rule.key(), rule.label())).collect();
        let own = vec![
            ("round", sheet.round.id.to_string()),
            ("application", sheet.application.id.to_string()),
            ("sheet", sheet.sheet.id.to_string()),
        ];
        let view = view! {
            <PageHead title="申明回避" lede=|| "您与本项目有应当回避的关系时，在这里申明" />
            <Card title="将要回避的项目" body=CardBody::Padded>
                <KeyValues items=facts />
            </Card>
            <Alert
                kind=AlertKind::Warn
                title="申明后立即生效"
                details=CONSEQUENCES.map(ToOwned::to_owned).to_vec()
            />
            <Card title="申明" body=CardBody::Padded>
                <Form action={post::<super::declare::DeclareRecusal>()} own=own class="stack">
                    <Select name="rule" label="情形" choices=choices empty="请选择" need=Need::Required />
                    <TextArea name="statement" label="事由" rows=3 need=Need::Required hint="写明与何人、何单位、何种关系" />
                    <Checkbox name="confirmed" label="我确认申明回避，了解上述后果" need=Need::Required />
                    <div class="row">
                        <LinkButton href=back>"返回评分表，不申明"</LinkButton>
                        <Button tone=ButtonTone::Danger>"申明回避"</Button>
                    </div>
                </Form>
            </Card>
        };
        Ok(Page::new("申明回避", view).of(sheet.round))
    })
}
