//! The form that opens a draw: the composition of a panel and the rules it keeps.

use super::actions::{AssignExperts, OpenDraw};
use crate::components::{
    Button, ButtonTone, Card, CardBody, Confirm, Field, FieldWidth, Form, FormActions, InputKind, Need, Query,
    TextArea, refilled,
};
use crate::live::{LiveAnswer, Pace};
use crate::panel::demand::{name, value};
use crate::panel::feasibility::{self, Trial};
use crate::request::post;
use crate::routes::Round;
use domain::ids::RoundId;
use domain::rubric::ExpertRole;
use leptos::prelude::*;
use service::assignment::{Control, Demand};

pub fn form(round: RoundId, query: &Query, seated: usize, trial: &Trial) -> AnyView {
    let note = if seated > 0 {
        "抽取完成后替换现有席位"
    } else {
        "每组5、7或9人；应当回避的一律排除；先试算，席位不能满足时说明原因"
    };
    let remedy = |control| Some(feasibility::remedy(round, trial, control));
    let drawn = refilled(post::<OpenDraw>(), &[], || composition(query, "open", remedy));
    let assigned = refilled(post::<AssignExperts>(), &[], || composition(query, "assign", |_| None));
    let page = Round(round).draw();
    let regions = feasibility::regions();
    view! {
        <Card title="开始抽取" hint="随机数决定谁入选，匹配度只决定入选者坐在哪一组" body=CardBody::Stacked>
            <Form action={post::<OpenDraw>()} class="stack">
                <input type="hidden" name="round" value=round.to_string() />
                <div class="fields">{drawn}</div>
                <LiveAnswer page=page.clone() regions=regions when=Pace::Pause />
                <FormActions note=note>
                    <button class="btn" type="submit" formmethod="get" formaction=format!("{page}#feasibility")>"试算"</button>
                    <Button tone=ButtonTone::Primary>"关闭候选池，开始抽取"</Button>
                </FormActions>
            </Form>
            <Confirm label="定向指派（特殊情形）">
                <Form action={post::<AssignExperts>()} class="stack">
                    <p class="small muted">
                        "技术复杂、专业性强或者国家有特殊要求，随机抽取的专家难以胜任的，可以直接确定（《招标投标法实施条例》第四十六条）。不经抽签，按匹配度合计最高求精确解；理由写入审计并随席位公开。"
                    </p>
                    <input type="hidden" name="round" value=round.to_string() />
                    <div class="fields">{assigned}</div>
                    <TextArea name="reason" label="理由" rows=2 maxlength=500 need=Need::Required />
                    <FormActions>
                        <Button tone=ButtonTone::Danger>"定向指派"</Button>
                    </FormActions>
                </Form>
            </Confirm>
        </Card>
    }
    .into_any()
}

fn composition(query: &Query, form: &'static str, below: impl Fn(Control) -> Option<AnyView>) -> AnyView {
    let usual = Demand::default();
    let field = |control: Control| {
        let value = query.get(name(control)).map_or_else(|| value(&usual, control).to_string(), ToOwned::to_owned);
        let (label, hint) = match control {
            Control::Technical => (format!("{}专家", ExpertRole::Technical), "每组人数"),
            Control::Finance => (format!("{}专家", ExpertRole::Finance), "每组人数"),
            Control::Management => (format!("{}专家", ExpertRole::Management), "每组人数"),
            Control::EmployerCap => ("同一单位上限".to_owned(), "每组同一单位至多几人"),
            Control::Recusals => (
                "允许个别项目回避数".to_owned(),
                "0：与组内任一项目有回避情形即不进入该组；n：至多回避 n 个项目，不评这些项目",
            ),
        };
        view! {
            <div>
                <Field
                    name=name(control)
                    label=label
                    kind=InputKind::Whole
                    value=value
                    width=FieldWidth::Short
                    hint=hint
                    id=format!("{form}-{}", name(control))
                />
                {below(control)}
            </div>
        }
    };
    Control::ALL.into_iter().map(field).collect_view().into_any()
}
