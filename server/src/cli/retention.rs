//! `hengping retention` and `hengping anonymise`.

use super::Failure;
use service::App;
use service::retention::{self, Due, Terms};
use std::fmt::Write;

#[derive(clap::Args)]
pub struct Args {
    /// 专家的号码保存几年：自登记之日或最后一次参加的轮次的基准日起
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=100))]
    years: u32,
    /// 申报材料中的人员姓名保存几年：自该批次最后一个轮次的基准日起
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=100))]
    application_years: u32,
    /// 执行；不写则只列出
    #[arg(long)]
    apply: bool,
}

#[derive(clap::Args)]
pub struct AnonymiseArgs {
    /// 专家编号
    #[arg(long, value_name = "CODE")]
    expert: String,
    /// 事由，记入审计
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// Lists what has reached its end and, on request, ends it.
///
/// # Errors
/// The database cannot be read or written.
pub async fn run(app: &App, args: &Args) -> Result<String, Failure> {
    let terms = Terms { numbers: args.years, people: args.application_years };
    let due = retention::due(app, terms).await.map_err(|error| Failure::broken(&error))?;
    let mut said = list(&due);
    if due.is_empty() {
        said.push_str("没有到期的个人信息\n");
    } else if args.apply {
        retention::end(app, &due).await.map_err(|error| Failure::broken(&error))?;
        said.push_str("以上各项已处理，逐项记入审计\n");
    } else {
        said.push_str("以上各项已到期，尚未处理；加上 --apply 执行\n");
    }
    Ok(said)
}

fn list(due: &Due) -> String {
    let mut said = String::new();
    for (code, data) in &due.numbers {
        let kinds: Vec<_> = data.iter().map(|datum| datum.kind.label()).collect();
        let since = data.first().map_or_else(String::new, |datum| domain::beijing::day(datum.filed_at).to_string());
        let _ = writeln!(said, "专家 {code}：{}，{since} 登记，删除号码（只留查重用的密钥摘要）", kinds.join("、"));
    }
    for code in due.applications.keys() {
        let _ = writeln!(said, "申报 {code}：参与人员姓名匿名化");
    }
    for (_, name) in &due.workbooks {
        let _ = writeln!(said, "上传后没有导入的文件“{name}”：删除");
    }
    said
}

/// Takes an expert's name, employer, career and numbers.
///
/// # Errors
/// The expert is unknown, or has a seat in a round that is not archived.
pub async fn anonymise(app: &App, args: &AnonymiseArgs) -> Result<String, Failure> {
    retention::anonymise(app, &args.expert, &args.reason).await.map_err(|error| Failure::broken(&error))?;
    Ok(format!("{} 已匿名化：姓名、单位、经历和号码已删除，账号已停用；编号、评分和结果保留\n", args.expert.trim()))
}
