use leptos::prelude::*;

use super::super::format;
use crate::components::{
    ButtonSize, ButtonTone, Card, CardBody, Choice, EmptyState, Field, FilterBar, InputKind, KeyValue, KeyValues,
    LinkButton, Pager, Query, Select, Table, Tag, Tone, num, text,
};

const UNITS: [(&str, &str, &str, i64); 5] = [
    ("A-011", "高温合金粉末近净成形技术", "陇原新材股份有限公司", 6_200_000_000),
    ("A-012", "废旧动力电池短程回收与梯次利用", "河西循环科技有限公司", 3_210_000_000),
    (
        "A-013",
        "面向极端低温工况的稀土永磁体低重稀土化制备、晶界扩散与批量一致性控制关键技术攻关及产业化示范",
        "祁连稀土功能材料研究院（虚构）与西部工业大学联合体",
        12_345_670_000,
    ),
    ("A-014", "高纯电解铜箔制备", "金城铜业有限公司", 800_000_000),
    ("A-016", "铝基复合材料构件", "兰新装备有限公司", 95_000_000),
];

pub(super) fn section() -> AnyView {
    let query = Query::new("#list").with("sort", "-invest").with("sector", "metal").with("page", "2");
    view! {
        <Card title="申报项目" hint="筛选、排序、分页、下载" body=CardBody::Flush>
            <FilterBar
                query=&query
                actions=|| view! { <LinkButton href="#xlsx" size=ButtonSize::Small>"下载当前列表"</LinkButton> }
            >
                <Field name="q" label="查找" kind=InputKind::Search placeholder="编号、名称、单位" id="q-q" />
                <Select
                    name="sector"
                    label="领域"
                    id="q-sector"
                    empty="全部"
                    value="metal"
                    choices=vec![Choice::new("metal", "冶金有色"), Choice::new("it", "电子信息")]
                />
            </FilterBar>
            {table(query.clone())}
            <Pager query=&query total=1_120 page=2 unit="项" />
        </Card>
        <div class="halves">
            <Card title="申报项目" body=CardBody::Flush>
                <EmptyState
                    title="没有符合条件的项目"
                    what_to_do="当前条件：领域 冶金有色，状态 已退回。放宽条件，或从汇总表导入。"
                    actions=|| {
                        view! {
                            <LinkButton href="#clear">"清除条件"</LinkButton>
                            <LinkButton href="#import" tone=ButtonTone::Primary>"导入汇总表"</LinkButton>
                        }
                    }
                />
            </Card>
            <Card title="项目信息" footer="数据来自申报书第 2 版，2025年6月1日 提交">
                <KeyValues items=facts() />
            </Card>
        </div>
    }
    .into_any()
}

fn table(query: Query) -> impl IntoView {
    let rows = UNITS
        .into_iter()
        .enumerate()
        .map(|(i, (code, name, unit, fen))| {
            let state = match i {
                0 | 1 => view! { <Tag label="审查通过" tone=Tone::Good /> }.into_any(),
                2 => view! { <Tag label="待补正" tone=Tone::Warn /> }.into_any(),
                3 => view! { <Tag label="待审查" /> }.into_any(),
                _ => view! { <Tag label="已作废" tone=Tone::Bad /> }.into_any(),
            };
            let class = (i == 4).then_some("void");
            view! {
                <tr class=class aria-current=(i == 1).then_some("true")>
                    <td class="tnum">{code}</td>
                    <td><a href="#app">{name}</a></td>
                    <td>{unit}</td>
                    <td class="n">{format::money_wan_figure(fen)}</td>
                    <td class="nowrap">{state}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table
            label="申报项目"
            columns=[
                text("编号").sorted(&query, "code"),
                text("项目名称").sorted(&query, "name"),
                text("牵头单位").sorted(&query, "unit"),
                num("总投资（万元）").sorted(&query, "invest"),
                text("形式审查"),
            ]
        >
            <tbody>{rows}</tbody>
            <tfoot>
                <tr>
                    <td colspan="3">"合计 5 项"</td>
                    <td class="n">{format::money_wan_figure(UNITS.iter().map(|unit| unit.3).sum())}</td>
                    <td></td>
                </tr>
            </tfoot>
        </Table>
    }
}

fn facts() -> Vec<KeyValue> {
    vec![
        KeyValue::new("编号", "A-014"),
        KeyValue::new("总投资", format::money_wan(6_200_000_000)),
        KeyValue::new("奖补上限", format::money_wan(500_000_000)).source("总投资 10% 与 500 万元取低"),
        KeyValue::new("牵头", "陇原新材股份有限公司（虚构）"),
        KeyValue::new("参与", view! { <b>"河西有色研究院"</b> "、西部工业大学" }),
        KeyValue::new("推荐单位", view! { <a href="#rec">"金昌市工信局"</a> }),
    ]
}
