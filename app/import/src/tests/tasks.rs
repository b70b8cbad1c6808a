use super::*;
use crate::tasks;
use domain::application::{Direction, Weighting};
use domain::sector::{Sector, TaskCategory};

fn read(sheets: &[(&str, Vec<Vec<Put>>)]) -> crate::Parsed<tasks::TaskRow> {
    tasks::read(&book(sheets)).unwrap()
}

const HEADER: &str = "序号|榜单任务名称|榜单类别|所属领域|主要攻关内容|完成时间|主要考核指标";

#[test]
fn a_list_without_codes_is_read_with_indicators_in_its_cells() {
    let parsed = read(&[(
        "榜单",
        lines(&["2025年揭榜挂帅榜单", HEADER, "1|铜镍合金攻关|重点产品类|新材料|突破一\n突破二|2027年12月|技术|x"]),
    )]);
    // A bar in a cell would end it in these tests: the indicators are put in by themselves.
    let mut row = line("1|铜镍合金攻关|重点产品类|新材料|突破一\n突破二|2027年12月|x");
    row[6] = Put::Text("技术|抗拉强度|≥|450|MPa|核心\n成果|完成中试|定性|\n".to_owned());
    let good = read(&[("榜单", [lines(&["2025年揭榜挂帅榜单", HEADER]), vec![row]].concat())]);
    assert!(!parsed.problems.is_empty());
    assert_eq!(told(&good.problems), Vec::<String>::new());
    let task = &good.rows[0].value;
    assert_eq!((task.code.as_deref(), task.title.as_str()), (None, "铜镍合金攻关"));
    assert_eq!((task.category, task.sector), (TaskCategory::Product, Sector::Materials));
    assert_eq!(task.deadline.to_string(), "2027-12-31", "a month ends with its last day");
    assert_eq!(task.content, "突破一\n突破二");
    assert_eq!(task.indicators.len(), 2);
    assert_eq!((task.indicators[0].target, task.indicators[0].weighting), (450_000, Weighting::Core));
}

#[test]
fn indicators_of_a_sheet_go_to_their_task_and_a_bad_one_keeps_it_out() {
    let tasks = lines(&[
        "任务编号|任务名称|任务类别|重点领域|攻关内容|完成时限",
        "RW-01|甲任务|核心基础|新材料|内容|2027-06-30",
        "RW-02|乙任务|公共支撑|智能装备|内容|2027-06-30",
    ]);
    let header = "任务编号|指标类别|指标名称|方向|目标值|计量单位|核心";
    let good = lines(&[header, "RW-02|经济指标|销售收入|不低于|1200.5|万元|", "RW-02|人才|培养博士|≥|3|人|是"]);
    let parsed = read(&[("榜单任务", tasks.clone()), ("考核指标", good)]);
    assert_eq!(told(&parsed.problems), Vec::<String>::new());
    let second = &parsed.rows[1].value.indicators;
    assert_eq!((second.len(), second[0].direction, second[0].target), (2, Direction::AtLeast, 1_200_500));
    assert!(parsed.rows[0].value.indicators.is_empty());

    let bad = lines(&[header, "RW-02|经济|销售收入|约|1200|万元|", "RW-09|经济|销售收入|≥|1200|万元|"]);
    let parsed = read(&[("榜单任务", tasks), ("考核指标", bad)]);
    assert_eq!(parsed.rows.len(), 1);
    assert_eq!(
        told(&parsed.problems),
        [
            "D2：方向：方向应为 ≥、≤、= 或 定性",
            "A3：任务编号：“榜单任务”工作表中没有这个任务编号",
            "A3：任务编号：该任务的考核指标有误，暂不导入；改正后重新上传",
        ]
    );
}

#[test]
fn a_task_says_everything_that_a_task_must_say() {
    let parsed = read(&[(
        "榜单任务",
        lines(&[
            "任务编号|任务名称|任务类别|重点领域|攻关内容|完成时限",
            "RW-01||核心|烹饪||至今",
            "RW-01|甲任务|核心基础|新材料|内容|2027-06-30",
            "rw-01|乙任务|核心基础|新材料|内容|2027-06-30",
        ]),
    )]);
    assert_eq!(parsed.rows.len(), 1);
    let cells: Vec<_> = parsed.problems.iter().map(|problem| problem.cell.as_str()).collect();
    assert_eq!(cells, ["B2", "C2", "D2", "E2", "F2", "A4"]);
    assert!(parsed.problems[5].reason.contains("重复"));
}
