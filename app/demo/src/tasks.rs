//! The task lists: invented but plausible titles, each with a core indicator and some more.

use crate::units::SECTORS;
use domain::NaiveDate;
use domain::application::{Direction, Indicator, IndicatorKind, Task, Weighting};
use domain::ids::{BatchId, IndicatorId, TaskId};
use domain::sector::{Sector, TaskCategory};
use service::Context;

/// Title, core indicator, unit, direction, target in 1/1000.
type Topic = (&'static str, &'static str, &'static str, Direction, i64);

use Direction::{AtLeast, AtMost};

pub const fn topics(sector: Sector) -> [Topic; 3] {
    match sector {
        Sector::Metallurgy => [
            ("高纯电解铜箔制备", "铜箔抗拉强度", "MPa", AtLeast, 380_000),
            ("镍钴资源短流程冶炼", "钴回收率", "%", AtLeast, 96_000),
            ("高强铝合金板带精密轧制", "板带厚度偏差", "mm", AtMost, 20),
        ],
        Sector::Chemical => [
            ("绿电耦合电解水制氢", "单位氢气电耗", "kWh/Nm³", AtMost, 4_300),
            ("低阶煤分质利用催化剂", "焦油收率", "%", AtLeast, 12_000),
            ("高端聚烯烃专用料制备", "熔融指数批间偏差", "%", AtMost, 8_000),
        ],
        Sector::Electronics => [
            ("功率半导体模块封装", "功率循环寿命", "万次", AtLeast, 10_000),
            ("工业边缘控制器研制", "控制周期抖动", "μs", AtMost, 50_000),
            ("高可靠电子浆料国产化", "烧结膜方阻", "mΩ", AtMost, 3_000),
        ],
        Sector::Equipment => [
            ("大型离心压缩机智能运维", "故障预警准确率", "%", AtLeast, 95_000),
            ("高原型采收装备研制", "采净率", "%", AtLeast, 94_000),
            ("重载数控回转工作台", "分度精度", "角秒", AtMost, 4_000),
        ],
        Sector::Materials => [
            ("碳纤维复材构件成型", "构件孔隙率", "%", AtMost, 1_000),
            ("稀土储氢合金制备", "质量储氢密度", "%", AtLeast, 1_700),
            ("凹凸棒基功能材料", "比表面积", "m²/g", AtLeast, 280_000),
        ],
        Sector::Biomedicine => [
            ("道地中药材全程质控", "有效成分批间偏差", "%", AtMost, 10_000),
            ("重组疫苗佐剂制备", "抗体滴度提升倍数", "倍", AtLeast, 4_000),
            ("高活性工业酶制剂", "酶活", "万U/g", AtLeast, 25_000),
        ],
        Sector::Aerospace => [
            ("运载火箭贮箱焊接", "焊接接头强度系数", "%", AtLeast, 80_000),
            ("航空高温紧固件", "持久寿命", "h", AtLeast, 100_000),
            ("无人机高原探测载荷", "工作海拔", "m", AtLeast, 5_500_000),
        ],
        Sector::Circular | Sector::Other => [
            ("退役风电叶片资源化", "纤维回收率", "%", AtLeast, 90_000),
            ("动力电池有价金属回收", "锂回收率", "%", AtLeast, 93_000),
            ("冶炼渣高值化利用", "渣综合利用率", "%", AtLeast, 98_000),
        ],
    }
}

/// Besides the core indicator, in this order: three to five indicators in all.
const FURTHER: [(IndicatorKind, &str, &str, Direction, i64); 4] = [
    (IndicatorKind::Outcome, "授权发明专利", "件", AtLeast, 3_000),
    (IndicatorKind::Economic, "新增销售收入", "万元", AtLeast, 3_000_000),
    (IndicatorKind::Technical, "产品合格率", "%", AtLeast, 95_000),
    (IndicatorKind::Talent, "培养技术骨干", "人", AtLeast, 5_000),
];

/// Topics of a sector, more than three by going round again.
pub fn title(sector: Sector, number: usize) -> String {
    let (title, ..) = topics(sector)[number % 3];
    if number < 3 { title.to_owned() } else { format!("{title}（方向{}）", number / 3 + 1) }
}

/// `per_sector` tasks for each of the given sectors, coded `prefix01`, `prefix02`, …
pub fn tasks(
    ctx: &Context,
    batch: BatchId,
    prefix: &str,
    sectors: &[Sector],
    per_sector: usize,
    due: NaiveDate,
) -> Vec<Task> {
    let places = sectors.iter().flat_map(|sector| (0..per_sector).map(move |number| (*sector, number)));
    (1_usize..)
        .zip(places)
        .map(|(seq, (sector, number))| {
            let title = title(sector, number);
            let indicators = indicators(ctx, topics(sector)[number % 3], 2 + seq % 3);
            Task {
                id: TaskId(ctx.id()),
                batch,
                code: format!("{prefix}{seq:02}"),
                category: TaskCategory::ALL[seq % TaskCategory::ALL.len()],
                sector,
                content: format!(
                    "围绕{title}，突破关键工艺与装备，形成可复制的成套技术，建成示范线并稳定运行6个月以上，主要指标达到任务要求。"
                ),
                title,
                deadline: due,
                indicators,
            }
        })
        .collect()
}

fn indicators(ctx: &Context, topic: Topic, further: usize) -> Vec<Indicator> {
    let (_, name, unit, direction, target) = topic;
    let core = (IndicatorKind::Technical, name, unit, direction, target, Weighting::Core);
    let more = FURTHER.iter().take(further).map(|(k, n, u, d, t)| (*k, *n, *u, *d, *t, Weighting::Ordinary));
    std::iter::once(core)
        .chain(more)
        .map(|(kind, name, unit, direction, target, weighting)| Indicator {
            id: IndicatorId(ctx.id()),
            kind,
            name: name.to_owned(),
            unit: unit.to_owned(),
            direction,
            target,
            weighting,
        })
        .collect()
}

/// How many of 120 applications answer each task of a sector: sectors differ, and so do tasks.
pub const fn answers(sector: Sector) -> [usize; 3] {
    match sector {
        Sector::Metallurgy => [7, 6, 5],
        Sector::Materials => [8, 7, 6],
        Sector::Equipment => [5, 4, 3],
        Sector::Aerospace => [4, 3, 2],
        _ => [6, 5, 4],
    }
}

/// Sector and task number of every application of the first 2025 batch, in the order of their codes.
pub fn answered(scale: usize) -> Vec<(Sector, usize)> {
    let mut all = Vec::new();
    for sector in SECTORS {
        for number in 0..3 * scale {
            all.extend(std::iter::repeat_n((*sector, number), answers(*sector)[number % 3]));
        }
    }
    all
}
