//! 工作: which work a step of a round permits, in one table.

use super::{Round, RoundError, Step};
use crate::application::ApplicationState;

crate::coded! {
    /// 工作
    Work {
        CheckFormality = "check_formality", "形式审查";
        /// An application that arrives after the formal check began, with the reason, through every step it missed.
        AdmitLate = "admit_late", "补录申报";
        CompareConflicts = "compare_conflicts", "回避比对";
        DecideConflicts = "decide_conflicts", "认定回避";
        DeclareConflict = "declare_conflict", "申明回避";
        Group = "group", "分组";
        /// Back to grouping, while nobody has been drawn.
        Regroup = "regroup", "退回分组";
        TrySeating = "try_seating", "席位试算";
        Draw = "draw", "抽取";
        Bridge = "bridge", "安排连接评审";
        /// Experts who were drawn are shown by name, not only by number.
        ShowNames = "show_names", "显示专家姓名";
        NoteArrivals = "note_arrivals", "登记到会情况";
        Replace = "replace", "递补";
        Score = "score", "评分";
        /// Experts see the sheets they were given.
        ReadOwnSheets = "read_own_sheets", "查看本人评分表";
        EstablishObjectives = "establish_objectives", "登记客观分";
        VoidSheet = "void_sheet", "作废评分表";
        /// Submissions are taken back, and sheets come back that were voided for a recusal declared by mistake.
        Reopen = "reopen", "撤回提交、撤销误报的回避";
        ExportScores = "export_scores", "导出评分";
        ExportSummary = "export_summary", "导出评分汇总";
        Calibrate = "calibrate", "校准";
        Weigh = "weigh", "权重试算";
        Rank = "rank", "排序";
        Sign = "sign", "会签";
        Invite = "invite", "开通专家账号";
    }
}

/// Where a round stands to a piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    Ahead,
    Now,
    Over,
}

impl Work {
    /// The first and the last step that permit it.
    const fn span(self) -> (Step, Step) {
        match self {
            Self::CheckFormality => (Step::Preparation, Step::Formality),
            Self::AdmitLate => (Step::Formality, Step::Grouping),
            Self::CompareConflicts => (Step::Recusal, Step::Draw),
            Self::DecideConflicts => (Step::Preparation, Step::SignIn),
            // Until the results are signed, as long as sheets can be voided.
            Self::Replace => (Step::Preparation, Step::Scoring),
            Self::Group => (Step::Grouping, Step::Grouping),
            Self::TrySeating => (Step::Grouping, Step::Draw),
            Self::Draw | Self::Regroup => (Step::Draw, Step::Draw),
            Self::Bridge => (Step::Draw, Step::SignIn),
            Self::ShowNames => (Step::SignIn, Step::Archive),
            Self::NoteArrivals => (Step::SignIn, Step::SignIn),
            Self::Score | Self::Reopen => (Step::Scoring, Step::Scoring),
            Self::ReadOwnSheets => (Step::Scoring, Step::Archive),
            Self::EstablishObjectives => (Step::Preparation, Step::Checking),
            Self::DeclareConflict | Self::VoidSheet => (Step::Preparation, Step::Ranking),
            Self::ExportScores | Self::ExportSummary => (Step::Checking, Step::Archive),
            Self::Calibrate => (Step::Calibration, Step::Ranking),
            Self::Weigh => (Step::Calibration, Step::Archive),
            Self::Rank => (Step::Ranking, Step::Ranking),
            Self::Sign => (Step::Countersign, Step::Countersign),
            Self::Invite => (Step::Preparation, Step::Publication),
        }
    }

    pub fn when(self, now: Step) -> When {
        let (first, last) = self.span();
        if now < first {
            When::Ahead
        } else if now > last {
            When::Over
        } else {
            When::Now
        }
    }

    /// The words for a step that does not permit it.
    pub(crate) fn refusal(self, now: Step) -> String {
        let proper = match (self, self.when(now)) {
            (Self::CompareConflicts, When::Ahead) => return "形式审查完成后方可进行回避比对".to_owned(),
            (Self::AdmitLate, When::Over) if now == Step::Draw => {
                return "本轮已到“抽取”：专家尚未抽取的，可退回分组后补录；已经抽取的，请另立一轮".to_owned();
            }
            (Self::AdmitLate, When::Over) => {
                return format!(
                    "本轮已到“{now}”，专家已经抽取，不再接收申报；请在批次页另立一轮，导入的申报列入新的一轮"
                );
            }
            (Self::Bridge, When::Ahead) => return "专家抽取之后才能安排连接评审".to_owned(),
            (Self::Bridge, _) => return "评分已经开始，不能再安排连接评审".to_owned(),
            (Self::TrySeating, _) => return "席位试算在分组和抽取时进行".to_owned(),
            (Self::Weigh, _) => return "独立评分与核对结束后方可试算".to_owned(),
            (Self::ExportScores | Self::ExportSummary, _) => return format!("独立评分结束后方可{self}"),
            (Self::Invite, _) => return format!("本轮已归档，不再{self}"),
            (Self::Calibrate, _) => self.span().0,
            _ => self.span().1,
        };
        format!("当前步骤为“{now}”，此项操作应在“{proper}”进行")
    }
}

/// How a round takes applications of its batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intake {
    /// As they are imported.
    Open,
    /// One by one, with the reason why they are late.
    Late,
    Closed,
}

impl Round {
    pub fn intake(&self) -> Intake {
        match self.when(Work::AdmitLate) {
            When::Ahead => Intake::Open,
            When::Now => Intake::Late,
            When::Over => Intake::Closed,
        }
    }

    /// Whether the formal check of an application may be decided: while it is the round's work, and of one that came late until it is decided.
    ///
    /// # Errors
    /// `NotNow`.
    pub fn permits_check_of(&self, state: ApplicationState) -> Result<(), RoundError> {
        if state == ApplicationState::Filed && self.intake() == Intake::Late {
            return Ok(());
        }
        self.permits(Work::CheckFormality)
    }

    /// # Errors
    /// `NotNow` unless the present step permits the work.
    pub fn permits(&self, work: Work) -> Result<(), RoundError> {
        match self.when(work) {
            When::Now => Ok(()),
            When::Ahead | When::Over => Err(RoundError::NotNow { work, now: self.step }),
        }
    }

    /// Whether the work is ahead, may be done now, or is over.
    pub fn when(&self, work: Work) -> When {
        work.when(self.step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One mark a step, from 筹备 to 归档: `.` ahead, `#` now, `-` over.
    #[test]
    fn the_table_of_work_and_steps() {
        let line = |work: &Work| {
            let mark = |step: &Step| match work.when(*step) {
                When::Ahead => '.',
                When::Now => '#',
                When::Over => '-',
            };
            format!("{} {}", Step::ALL.iter().map(mark).collect::<String>(), work.key())
        };
        let table: Vec<_> = Work::ALL.iter().map(line).collect();
        let expected = [
            "##-------------- check_formality",
            ".###------------ admit_late",
            "..###----------- compare_conflicts",
            "######---------- decide_conflicts",
            "###########----- declare_conflict",
            "...#------------ group",
            "....#----------- regroup",
            "...##----------- try_seating",
            "....#----------- draw",
            "....##---------- bridge",
            ".....########### show_names",
            ".....#---------- note_arrivals",
            "#######--------- replace",
            "......#--------- score",
            "......########## read_own_sheets",
            "########-------- establish_objectives",
            "###########----- void_sheet",
            "......#--------- reopen",
            ".......######### export_scores",
            ".......######### export_summary",
            ".........##----- calibrate",
            ".........####### weigh",
            "..........#----- rank",
            "...........#---- sign",
            "###############- invite",
        ];
        assert_eq!(table, expected);
    }

    #[test]
    fn a_refusal_names_the_step_for_it_or_what_comes_first() {
        let words = |work: Work, now| work.refusal(now);
        assert_eq!(words(Work::Draw, Step::SignIn), "当前步骤为“签到承诺”，此项操作应在“抽取”进行");
        assert_eq!(words(Work::Calibrate, Step::Countersign), "当前步骤为“会签”，此项操作应在“校准”进行");
        assert_eq!(words(Work::DecideConflicts, Step::Scoring), "当前步骤为“独立评分”，此项操作应在“签到承诺”进行");
        assert_eq!(words(Work::CompareConflicts, Step::Formality), "形式审查完成后方可进行回避比对");
        assert_eq!(words(Work::ExportSummary, Step::Scoring), "独立评分结束后方可导出评分汇总");
    }
}
