use leptos::prelude::*;

use crate::components::{
    Button, ButtonTone, Card, CardBody, Checkbox, Choice, ChoiceLayout, Field, FieldWidth, FileField, FormActions,
    InputKind, LinkButton, Need, RadioGroup, Select, TextArea, Ticked, Writing,
};

fn sectors() -> Vec<Choice> {
    vec![
        Choice::new("metal", "冶金有色"),
        Choice::new("chem", "能源化工"),
        Choice::new("it", "电子信息"),
        Choice::new("other", "其他／未来产业").disabled(),
    ]
}

pub(super) fn section() -> AnyView {
    view! {
        <div class="halves">
            <Card title="表单" hint="必填、选填、单位、提示" body=CardBody::Stacked>
                {plain()}
            </Card>
            <Card title="表单：有错误、只读、停用" body=CardBody::Stacked>
                {faulty()}
            </Card>
        </div>
    }
    .into_any()
}

fn plain() -> impl IntoView {
    view! {
        <form class="form grid" method="post" action="#">
            <Field name="title" label="项目名称" need=Need::Required value="高纯电解铜箔制备技术攻关" />
            <Select name="sector" label="领域" choices=sectors() empty="请选择" value="metal" need=Need::Required />
            <Field
                name="invest"
                label="项目总投资"
                kind=InputKind::Decimal
                width=FieldWidth::Medium
                value="6200.00"
                unit="万元"
                hint="不高于 10% 的奖补按此计算"
            />
            <Field name="due" label="完成期限" kind=InputKind::Date width=FieldWidth::Medium value="2027-06-30" />
            <Field name="secret" label="口令" kind=InputKind::Password autocomplete="new-password" need=Need::Required />
            <FileField
                name="book"
                label="申报书"
                accept=".pdf"
                need=Need::Required
                hint="PDF，不超过 50 MB；已有：申报书-v2.pdf（3.2 MB）"
            />
            <div class="wide">
                <TextArea
                    name="note"
                    label="攻关内容"
                    need=Need::Optional
                    maxlength=500u32
                    placeholder="不超过 500 字"
                />
            </div>
            <RadioGroup
                name="form"
                label="申报形式"
                layout=ChoiceLayout::Inline
                value="joint"
                choices=vec![Choice::new("joint", "联合体"), Choice::new("solo", "单独")]
            />
            <RadioGroup
                name="mode"
                label="评审方式"
                value="meet"
                choices=vec![
                    Choice::new("meet", "集中会评").hint("专家到场，独立评分后合议"),
                    Choice::new("net", "网评"),
                    Choice::new("site", "现场考察").hint("本轮未启用").disabled(),
                ]
            />
            <div class="wide">
                <Checkbox
                    name="pledge"
                    label="承诺揭榜后能够在指定期限内完成任务"
                    need=Need::Required
                    ticked=Ticked::Yes
                    hint="承诺书须加盖公章"
                />
            </div>
            <FormActions note="提交后由推荐单位审核，退回前不可修改">
                <Button tone=ButtonTone::Primary>"提交申报"</Button>
                <Button name="do" value="draft">
                    "保存草稿"
                </Button>
            </FormActions>
        </form>
    }
}

fn faulty() -> impl IntoView {
    view! {
        <form class="form grid" method="post" action="#">
            <Field
                id="e-code"
                name="code"
                label="统一社会信用代码"
                need=Need::Required
                value="9162010071037X"
                error="应为 18 位，现为 14 位"
                hint="营业执照右上角"
            />
            <Select
                id="e-sector"
                name="sector"
                label="领域"
                choices=sectors()
                empty="请选择"
                need=Need::Required
                error="请选择一个领域"
            />
            <Field
                id="e-score"
                name="score"
                label="评分"
                kind=InputKind::Decimal
                width=FieldWidth::Short
                value="12.5"
                unit="分"
                error="超过满分 10"
            />
            <Field id="e-round" name="round" label="批次" value="2025年度第1轮" writing=Writing::ReadOnly />
            <Field id="e-no" name="no" label="任务编号" value="03" writing=Writing::Disabled hint="发布后不可修改" />
            <FileField id="e-file" name="sum" label="汇总表" error="第 7 行统一社会信用代码重复" accept=".xlsx" />
            <div class="wide">
                <TextArea
                    id="e-why"
                    name="why"
                    label="解锁理由"
                    need=Need::Required
                    value="合计"
                    error="不少于 10 个字；只限四种法定事由"
                />
            </div>
            <RadioGroup
                id="e-ground"
                name="ground"
                label="事由"
                need=Need::Required
                error="请选择一种"
                choices=vec![
                    Choice::new("sum", "合计错误"),
                    Choice::new("range", "超出范围"),
                    Choice::new("object", "客观分不一致"),
                    Choice::new("extreme", "畸高畸低经确认"),
                ]
            />
            <Checkbox id="e-read" name="read" label="已阅读评审纪律" error="须先阅读并勾选" />
            <FormActions>
                <Button tone=ButtonTone::Primary>"重新提交"</Button>
                <LinkButton href="#back" tone=ButtonTone::Quiet>
                    "放弃修改"
                </LinkButton>
            </FormActions>
        </form>
    }
}
