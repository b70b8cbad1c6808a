use leptos::prelude::*;
use ui::components::gallery::review::{evidence, sample_matrix};
use ui::components::{
    Button, ButtonTone, Card, CardBody, Choice, FilterBar, KeyValues, KeyValuesLayout, Legend, LinkButton, MarkState,
    Matrix, PageHead, Query, Select, Tag, Tone,
};

pub fn page() -> AnyView {
    let (rows, columns, marks) = sample_matrix();
    let selected = marks.iter().find(|mark| mark.row == 5).map(|mark| (mark.row, mark.column));
    let content = view! {
        <PageHead
            title="回避"
            lede=|| "70 位专家 × 120 个项目，共 8,400 对；确定 171 对，待认定 43 对"
            actions=|| {
                view! {
                    <LinkButton href="#register">"登记表"</LinkButton>
                    <Button>"重新比对"</Button>
                    <LinkButton href="#next" tone=ButtonTone::Primary>"逐条认定（43）"</LinkButton>
                }
            }
        />
        <div class="split">
            <Card body=CardBody::Flush>
                <FilterBar query=Query::new("/conflicts") actions=legend>
                    <Select name="panel" label="组" empty="全部组" choices=vec![Choice::new("m", "冶金有色组")] />
                    <Select name="state" label="状态" empty="全部" choices=vec![Choice::new("open", "待认定")] />
                </FilterBar>
                <Matrix label="回避矩阵" rows=rows columns=columns marks=marks selected=selected />
            </Card>
            <Card
                title="技-06 × A-018"
                actions=|| view! { <Tag label="确定" tone=Tone::Bad glyph="■" /> }
                body=CardBody::Stacked
            >
                <KeyValues layout=KeyValuesLayout::Above items=evidence() />
                <div class="row">
                    <LinkButton href="#appeal">"申诉记录"</LinkButton>
                    <LinkButton href="#cv">"查看履历"</LinkButton>
                </div>
            </Card>
        </div>
    };
    super::frame("/conflicts", "回避审查", "省科技厅 · 协调员", content.into_any())
}

fn legend() -> AnyView {
    view! {
        <Legend items=vec![
            ('同', "同一法人", MarkState::Firm),
            ('历', "任职", MarkState::Firm),
            ('竞', "同榜", MarkState::Firm),
            ('师', "师生", MarkState::Open),
            ('请', "申请", MarkState::Open),
        ] />
    }
    .into_any()
}
