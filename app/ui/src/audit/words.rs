//! The recorded keys in Chinese.

use domain::acceptance::Conclusion;
use domain::access::{Department, Role};
use domain::account::AccountState;
use domain::application::ApplicationState;
use domain::conflict::{Decision, Rule};
use domain::expert::Standing;
use domain::people::Number;
use domain::region::Recommender;
use domain::result::Outcome;
use domain::round::{Gate, Method, QuotaScope, RoundKind, Step, Trimming};
use domain::rubric::ExpertRole;
use domain::seat::Presence;
use domain::sector::Sector;
use domain::sheet::Vote;
use service::audit::TurnedAway;
use service::draw::Leave;

/// What an event is about.
pub fn object(key: &str) -> &str {
    match key {
        "account" => "账号",
        "affiliation" => "关联单位",
        "application" => "申报",
        "approach" => "请托",
        "authority" => "主管部门",
        "batch" => "批次",
        "conflict" => "回避",
        "document" => "导出文件",
        "draw" => "抽取",
        "expert" => "专家",
        "experts" => "专家库",
        "import" => "导入",
        "panel" => "评审组",
        "round" => "轮次",
        "sheet" => "评分表",
        "task" => "榜单任务",
        other => other,
    }
}

/// The name of a fact.
pub fn term(key: &str) -> &str {
    match key {
        "application" => "项目",
        "alternates" => "备选人数",
        "applications" => "项目数",
        "candidates" => "候选人数",
        "basis" => "依据",
        "code" | "codes" => "编号",
        "conclusion" => "验收结论",
        "criteria" => "评分项",
        "decision" => "认定",
        "department" => "部门",
        "bound" => "部门或地区",
        "turned_away" => "拒绝原因",
        "sheet" => "评分表",
        "number" => "号码",
        "by" => "方式",
        "why" => "原因",
        "people" => "参与人员",
        "digest" => "内容摘要",
        "dimensions" => "维度",
        "entries" => "各项评分",
        "evidence" => "依据材料",
        "expert" | "experts" => "专家",
        "findings" => "比对结果数",
        "from" => "由",
        "full" => "满分",
        "gate" => "会签事项",
        "input_digest" => "输入摘要",
        "kind" => "类型",
        "knockouts" => "一票否决",
        "login" | "logins" => "登录名",
        "lots" => "签数",
        "method" => "校准方法",
        "min_sheets" => "最少份数",
        "name" | "title" => "名称",
        "new" => "新增",
        "objective" => "目标值",
        "outcome" => "结论",
        "panel" => "评审组",
        "pass_mark" => "合格线",
        "password" => "密码",
        "points" => "分值",
        "presence" => "到会",
        "problems" => "问题数",
        "quota" => "名额",
        "reason" => "理由",
        "results" => "指标完成值",
        "record" => "抽取记录摘要",
        "successors" => "递补专家",
        "role" => "角色",
        "path" => "地址",
        "from_role" => "原角色",
        "second_factor" => "第二因素",
        "locked" => "锁定",
        "session" => "登录",
        "times" => "次数",
        "permission" => "权限",
        "rows" => "行数",
        "search" => "查找",
        "sector" => "领域",
        "source" => "推荐部门",
        "standing" => "在库状态",
        "expert_role" => "专家类别",
        "list" => "名单",
        "rule" => "规则",
        "run" => "计算记录",
        "scope" => "名额范围",
        "seats" => "席位数",
        "sha256" => "文件摘要",
        "sheets" => "评分表数",
        "state" => "状态",
        "statement" => "申明",
        "status" => "求解结果",
        "task" => "榜单任务",
        "to" => "到",
        "trim_from" => "去极值起点",
        "trimming" => "去极值的对象",
        "version" => "版本",
        "vote" => "推荐意见",
        other => other,
    }
}

/// A coded value by its name; free text as it is.
pub fn value(key: &str, text: &str) -> String {
    let label = match key {
        "from" | "to" => Step::from_key(text).map(Step::label),
        "gate" => Gate::from_key(text).map(Gate::label),
        "department" | "source" => Department::from_key(text).map(Department::label),
        "bound" => Department::from_key(text)
            .map(Department::label)
            .or_else(|| Recommender::from_key(text).map(Recommender::label)),
        "turned_away" => TurnedAway::from_key(text).map(TurnedAway::label),
        "number" => Number::from_key(text).map(Number::label),
        "by" => (text == "invitation").then_some("邀请链接"),
        "why" => match text {
            "retention" => Some("保存期限已到"),
            _ => Leave::from_key(text).map(Leave::label),
        },
        "password" | "second_factor" => match text {
            "reset" => Some("重置"),
            "changed" => Some("已修改"),
            "wrong" => Some("现密码不正确"),
            "locked" => Some("锁定期间又试"),
            "enrolled" => Some("已设置"),
            "code" => Some("验证码"),
            "recovery" => Some("恢复码"),
            _ => None,
        },
        "locked" => match text {
            "login" => Some("登录名"),
            "address" => Some("来源地址"),
            _ => None,
        },
        "expert_role" => ExpertRole::from_key(text).map(ExpertRole::label),
        "sector" => Sector::from_key(text).map(Sector::label),
        "standing" => Standing::from_key(text).map(Standing::label),
        "list" => match text {
            "accounts" => Some("账号"),
            "conflicts" => Some("回避登记"),
            "roster" => Some("评审席位"),
            _ => None,
        },
        "people" => (text == "anonymised").then_some("匿名化"),
        "role" | "from_role" => Role::from_key(text).map(Role::label),
        "state" => ApplicationState::from_key(text)
            .map(ApplicationState::label)
            .or_else(|| AccountState::from_key(text).map(AccountState::label)),
        "decision" => Decision::from_key(text).map(Decision::label),
        "rule" | "reason" => Rule::from_key(text).map(Rule::label),
        "outcome" => Outcome::from_key(text).map(Outcome::label),
        "conclusion" => Conclusion::from_key(text).map(Conclusion::label),
        "presence" => Presence::from_key(text).map(Presence::label),
        "vote" => Vote::from_key(text).map(Vote::label),
        "method" => Method::from_key(text).map(Method::label),
        "scope" => QuotaScope::from_key(text).map(QuotaScope::label),
        "trimming" => Trimming::from_key(text).map(Trimming::label),
        "kind" => RoundKind::from_key(text).map(RoundKind::label).or(match text {
            "experts" => Some("专家库"),
            "applications" => Some("汇总表"),
            _ => None,
        }),
        "status" => match text {
            "optimal" => Some("最优"),
            "feasible" => Some("可行"),
            "infeasible" => Some("无解"),
            _ => None,
        },
        _ => None,
    };
    label.map_or_else(|| text.to_owned(), str::to_owned)
}
