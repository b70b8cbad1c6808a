use leptos::prelude::*;
use ui::components::gallery::figures::sample_ranking;
use ui::components::{
    Align, Button, ButtonTone, Card, CardBody, IntervalPlot, LinkButton, PageHead, Query, Quota, SortHeader, Table,
    Tag, Tone, Zone, format,
};

pub fn page() -> AnyView {
    let content = view! {
        <PageHead
            title="校准与排序"
            lede=|| {
                view! {
                    "全省合并排序 · 名额 9 · 冻结方法："
                    <b>"混合效应校准"</b>
                    "（依据：评审细则第 12 条，三厅会签 2025年9月12日）"
                }
            }
            actions=|| {
                view! {
                    <LinkButton href="#methods">"方法对照"</LinkButton>
                    <LinkButton href="#sensitivity">"敏感性"</LinkButton>
                    <Button tone=ButtonTone::Primary>"提交会商"</Button>
                }
            }
        />
        <div class="row">
            <Tag label="评审图连通" tone=Tone::Good />
            <Tag label="组间规模比 1.6" tone=Tone::Good />
            <Tag label="按领域分组：组间比较依赖 6 次桥接评审，组差标准误 1.3 分" tone=Tone::Warn />
            <Tag label="ICC(7) = 0.81" tone=Tone::Good />
            <Tag label="专家 E-23 偏严 −6.1 ± 1.9" tone=Tone::Warn />
        </div>
        <div class="halves">
            <Card title="最终成绩与 90% 区间">
                <IntervalPlot
                    label="最终成绩与 90% 区间"
                    rows=sample_ranking()
                    quota=Quota { places: 9, label: "入围线（名额 9）".to_owned() }
                />
            </Card>
            <Card
                title="排序表"
                actions=|| view! { <LinkButton href="#xlsx">"导出 xlsx"</LinkButton> }
                body=CardBody::Flush
            >
                {list()}
            </Card>
        </div>
    };
    super::frame("/ranking", "排序", "组织者", content.into_any())
}

fn list() -> impl IntoView {
    let query = Query::new("/ranking").with("sort", "rank");
    let rows = sample_ranking().into_iter().map(|row| {
        let advice = match row.zone {
            Zone::In => view! { <Tag label="入围" tone=Tone::Good /> }.into_any(),
            Zone::Edge => view! { <Tag label="边界" tone=Tone::Warn glyph="◆" /> }.into_any(),
            Zone::Out => view! { <span class="muted small">"未入围"</span> }.into_any(),
        };
        let chance = 100 - u64::from(row.rank.min(25)) * 4;
        view! {
            <tr class=(row.rank == 9).then_some("cut")>
                <td class="n">{row.rank}</td>
                <td><a href="#how">{row.label}</a></td>
                <td class="n">{format::score(row.raw)}</td>
                <td class="n">{format::score_difference(row.score - row.raw)}</td>
                <td class="n"><b>{format::score(row.score)}</b></td>
                <td class="n">{format!("{}–{}", row.rank.saturating_sub(4).max(1), row.rank + 6)}</td>
                <td class="n">{format!("{chance}%")}</td>
                <td>{advice}</td>
            </tr>
        }
    });
    view! {
        <Table label="排序表" class="middle">
            <thead>
                <tr>
                    <SortHeader query=&query key="rank" label="名次" align=Align::Number />
                    <th scope="col">"项目"</th>
                    <th class="n" scope="col">"原始"</th>
                    <th class="n" scope="col">"校准量"</th>
                    <th class="n" scope="col">"最终"</th>
                    <th class="n" scope="col">"名次区间"</th>
                    <th class="n" scope="col">"入围概率"</th>
                    <th scope="col">"建议"</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </Table>
    }
}
