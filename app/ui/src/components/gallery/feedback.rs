use leptos::prelude::*;

use crate::components::{
    Alert, AlertKind, Button, ButtonSize, ButtonTone, Card, CardBody, Checklist, Confirm, ErrorPanel, Flash, Gate,
    GateItem, LinkButton, Need, ProgressBar, TextArea,
};

pub(super) fn section() -> AnyView {
    view! {
        <div class="stack">
            <Flash kind=AlertKind::Ok message="已保存第 3 版评分细则，旧版可在版本记录中查看" dismiss="#" />
            <Flash kind=AlertKind::Error message="未能保存：另一位协调员 14:02 已修改此页" />
        </div>
        <div class="halves">
            <div class="stack">{alerts()}</div>
            <ErrorPanel
                title="评分表没有提交"
                what_happened="B2 项 12.5 分超过满分 10 分"
                what_was_kept="其余 11 项已存为草稿，14:03:22"
                what_to_do="改正 B2 后再次提交；如对满分有疑问，请联系联络员"
                reference="0192f3a4-77c1"
                actions=|| {
                    view! {
                        <LinkButton href="#b2" tone=ButtonTone::Primary>"回到 B2"</LinkButton>
                        <LinkButton href="#list">"返回列表"</LinkButton>
                    }
                }
            />
        </div>
        <div class="halves">
            <Card title="进度" body=CardBody::Stacked>
                <ProgressBar label="材料比对" done=74 total=80 />
                <ProgressBar label="尚未开始" done=0 total=75 />
            </Card>
            {gate()}
        </div>
        <Card title="就地确认" body=CardBody::Stacked>
            <Confirm label="作废评分表…" tone=ButtonTone::Danger>
                <form class="form" method="post" action="#">
                    <TextArea name="reason" id="c-reason" label="理由" need=Need::Required rows=2 />
                    <Button tone=ButtonTone::Danger>"确认作废"</Button>
                </form>
            </Confirm>
        </Card>
    }
    .into_any()
}

fn alerts() -> impl IntoView {
    view! {
        <Alert title="评分细则将在第一张评分表提交前冻结" />
        <Alert kind=AlertKind::Ok title="评审图连通" body=|| "各组由 6 次桥接评审相连，组间成绩可比。" />
        <Alert
            kind=AlertKind::Warn
            title="按领域分组，组间比较依赖桥接评审"
            body=|| "组差标准误 1.3 分。"
            actions=|| view! { <LinkButton href="#how" size=ButtonSize::Small>"怎么算的"</LinkButton> }
        />
        <Alert
            kind=AlertKind::Error
            title="汇总表有 3 处与申报材料不符"
            details=vec![
                "第 4 行：单位名称“河西有色院”与申报书“河西有色研究院”不同".to_owned(),
                "第 7 行：统一社会信用代码重复".to_owned(),
                "共 12 行，申报材料 13 份：缺 A-013".to_owned(),
            ]
        />
    }
}

fn gate() -> impl IntoView {
    view! {
        <Card title="下一道关口：核对" hint="还差 1 项">
            <Checklist items=vec![
                GateItem::new(Gate::Met, "评分细则、去极值、校准方法、名额已冻结").who("三厅会签 2025年9月12日"),
                GateItem::new(Gate::Unmet, "6 个组尚有 78 张评分表未提交")
                    .who("各组专家")
                    .why("新材料一组 21 张、航空航天组 23 张，其余见进度表")
                    .href("#sheets"),
                GateItem::new(Gate::Waived, "航空航天组只有 6 位专家").who("省科技厅 已豁免").why("回避后无备选，依据评审细则第 8 条"),
                GateItem::new(Gate::Met, "每个项目有效评分表不少于 3 张"),
            ] />
        </Card>
    }
}
