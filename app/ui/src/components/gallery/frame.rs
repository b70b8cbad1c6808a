use leptos::prelude::*;

use crate::components::{
    Button, ButtonSize, ButtonTone, Card, CardBody, LinkButton, PageHead, Step, StepState, Stepper, Tab, Tabs,
    TabsLook, Tag, Tone, Use,
};

const WAY: [&str; 16] = [
    "筹备",
    "形式审查",
    "回避审查",
    "分组",
    "抽取",
    "签到承诺",
    "独立评分",
    "核对",
    "合议",
    "校准",
    "排序",
    "会签",
    "公示",
    "异议处理",
    "公布",
    "归档",
];

fn way(now: usize, state: StepState) -> Vec<Step> {
    WAY.iter()
        .enumerate()
        .map(|(i, label)| match i {
            _ if i < now => {
                Step::new(*label, StepState::Done).date(format!("9月{}日", i * 2 + 1)).href(format!("#step-{i}"))
            }
            _ if i == now => Step::new(*label, state).date("进行中").href("#now"),
            _ => Step::new(*label, StepState::Todo),
        })
        .collect()
}

pub(super) fn section() -> AnyView {
    let short = vec![
        Step::new("选择文件", StepState::Done),
        Step::new("核对列名", StepState::Now),
        Step::new("试运行", StepState::Todo),
        Step::new("导入", StepState::Todo),
    ];
    view! {
        <PageHead
            title="独立评分进行中"
            eyebrow="甘工信发〔2025〕40号 · 第1轮"
            lede=|| view! { "全省合并排序 · 名额 9 · 冻结方法：" <b>"混合效应校准"</b> }
            actions=|| {
                view! {
                    <LinkButton href="#board">"投影看板"</LinkButton>
                    <Button tone=ButtonTone::Primary>"请求关闭评分"</Button>
                }
            }
        />
        <Card body=CardBody::Flush>
            <Stepper label="本轮进程" steps=way(6, StepState::Now) />
        </Card>
        <Card title="受阻的一步与四步小流程" body=CardBody::Flush>
            <Stepper label="受阻" steps=way(7, StepState::Held) />
            <Stepper label="导入" steps=short />
        </Card>
        <div class="halves">
            {buttons()}
            <Card title="标签与标签页" body=CardBody::Stacked>
                <div class="row">
                    <Tag label="评分中" />
                    <Tag label="独立评分" tone=Tone::Accent />
                    <Tag label="可核对" tone=Tone::Good />
                    <Tag label="边界" tone=Tone::Warn glyph="◆" />
                    <Tag label="专家 E-23 偏严 −6.1 ± 1.9" tone=Tone::Warn />
                    <Tag label="确定" tone=Tone::Bad title="R4 三年内与申报单位存在劳动关系" />
                </div>
                <Tabs
                    label="申报项目"
                    here="#all"
                    tabs=vec![
                        Tab::new("全部", "#all").count(120),
                        Tab::new("待审查", "#todo").count(14),
                        Tab::new("已退回", "#back"),
                    ]
                />
                <Tabs
                    label="材料"
                    here="#a"
                    look=TabsLook::Pills
                    tabs=vec![
                        Tab::new("申报书", "#a"),
                        Tab::new("检测报告", "#b").count(3),
                        Tab::new("联合体协议", "#c"),
                    ]
                />
            </Card>
        </div>
    }
    .into_any()
}

fn buttons() -> impl IntoView {
    view! {
        <Card title="按钮" body=CardBody::Stacked>
            <div class="row">
                <Button tone=ButtonTone::Primary>"提交"</Button>
                <Button>"保存草稿"</Button>
                <Button tone=ButtonTone::Danger>"作废评分表"</Button>
                <Button tone=ButtonTone::Quiet>"取消"</Button>
                <LinkButton href="#xlsx" download="ranking.xlsx">
                    "导出 xlsx"
                </LinkButton>
            </div>
            <div class="row">
                <Button usable=Use::Disabled title="尚有 78 张评分表未提交">
                    "关闭评分"
                </Button>
                <Button usable=Use::Disabled tone=ButtonTone::Primary>
                    "不可提交"
                </Button>
                <Button size=ButtonSize::Small>"小"</Button>
                <Button size=ButtonSize::Small tone=ButtonTone::Primary>
                    "同意"
                </Button>
                <Button size=ButtonSize::Large tone=ButtonTone::Primary>
                    "登录"
                </Button>
            </div>
        </Card>
    }
}
