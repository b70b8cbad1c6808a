//! 评审组分布: raw means per panel, and how well the experts of each agree.

use super::figures::or_dash;
use crate::components::format::score;
use crate::components::{BoxPlot, Card, CardBody, PanelSpread, Table, num, text};
use leptos::prelude::*;
use service::calibration::{FiveNumbers, PanelLine, Record};
use service::dossier::Dossier;

pub fn view(dossier: &Dossier, record: &Record) -> impl IntoView + use<> {
    let spreads: Vec<PanelSpread> = service::calibration::spreads(dossier, record).into_iter().map(spread).collect();
    let rows = record.panels.iter().map(row).collect_view();
    view! {
        <div class="halves">
            <Card title="各组项目的原始分分布" hint="每个项目取其有效评分表的算术平均">
                <BoxPlot label="各组项目的原始分分布" panels=spreads />
            </Card>
            <Card
                title="评审组统计"
                hint="▲ 超出通常范围"
                body=CardBody::Flush
                footer="修正系数 = 全体平均 ÷ 本组平均，0.90–1.10之外提示；平均分、标准差、系数只用本组专家的评分表，连接评审不计入。ICC(1)：单名专家评分的可靠程度；ICC(k)：全组平均分的可靠程度。W：肯德尔和谐系数。α：Krippendorff一致性系数。各以1为完全一致。"
            >
                <Table
                    label="评审组统计"
                    class="tight"
                    columns=[
                        text("评审组"), num("项目"), num("平均分"), num("标准差"), num("修正系数"), num("ICC(1)"), num("ICC(k)"),
                        num("W").title("肯德尔和谐系数，仅在每名专家都评了每个项目时给出"), num("α").title("Krippendorff α（等距）：1为完全一致，0为随机"),
                    ]
                >
                    <tbody>{rows}</tbody>
                </Table>
            </Card>
        </div>
    }
}

fn row(panel: &PanelLine) -> impl IntoView + use<> {
    let name = if panel.name.is_empty() { "未分组".to_owned() } else { panel.name.clone() };
    let coefficient = panel
        .coefficient
        .map_or_else(|| "—".to_owned(), |k| format!("{}{k:.4}", if (0.9..=1.1).contains(&k) { "" } else { "▲ " }));
    let size = if panel.size < 5 { format!("▲ {}", panel.size) } else { panel.size.to_string() };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="n">{size}</td>
            <td class="n">{panel.mean.map_or_else(|| "—".to_owned(), |m| score(m.0))}</td>
            <td class="n">{or_dash(panel.sd, 2)}</td>
            <td class="n">{coefficient}</td>
            <td class="n">{or_dash(panel.icc1, 2)}</td>
            <td class="n">{or_dash(panel.icck, 2)}</td>
            <td class="n">{or_dash(panel.kendall_w, 2)}</td>
            <td class="n">{or_dash(panel.alpha, 2)}</td>
        </tr>
    }
}

fn spread((label, means): (String, FiveNumbers)) -> PanelSpread {
    let FiveNumbers { min, q1, median, q3, max, count } = means;
    PanelSpread { label, min, q1, median, q3, max, n: u32::try_from(count).unwrap_or(u32::MAX) }
}
