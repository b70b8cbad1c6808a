//! `hengping import`: experts or applications from a workbook into the database of the data folder.

use super::{Failure, read};
use domain::access::Department;
use domain::changes::Change;
use domain::ids::BatchId;
use domain::import::ImportKind;
use domain::region::Recommender;
use domain::rubric::ExpertRole;
use domain::sector::Sector;
use service::import::{self, Assent, DryRun, Whole};
use service::{App, Context, Error, account, programme};
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// 导入：核对专家库或汇总表，加 --confirm 时导入
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// 内容：experts（专家库）、applications（汇总表）、tasks（榜单任务）
    #[arg(long, value_parser = kind)]
    pub kind: ImportKind,
    /// 工作簿（.xlsx）
    #[arg(long, value_name = "FILE")]
    pub file: PathBuf,
    /// 批次，年度与序号，如 2026-1；导入汇总表、榜单任务时须给出
    #[arg(long, value_name = "YEAR-SEQ", value_parser = batch, required_if_eq_any([("kind", "applications"), ("kind", "tasks")]))]
    pub batch: Option<(i32, i32)>,
    /// 核对无误后导入；不给出时只核对
    #[arg(long)]
    pub confirm: bool,
    /// 补录的理由：本轮已开始形式审查时，导入汇总表须写明
    #[arg(long, value_name = "REASON", default_value = "")]
    pub late: String,
    /// 文件没有“来源部门”列时，整份文件按此：gxt、jyt、kjt
    #[arg(long, value_parser = key(Department::from_key))]
    pub source: Option<Department>,
    /// 文件没有“专家类别”列时，整份文件按此：technical、finance、management
    #[arg(long, value_parser = key(ExpertRole::from_key))]
    pub role: Option<ExpertRole>,
    /// 文件没有“重点领域”列时，整份文件按此，如 materials
    #[arg(long, value_parser = key(Sector::from_key))]
    pub sector: Option<Sector>,
    /// 文件没有“推荐单位”列时，整份文件按此，如 620100（兰州市）
    #[arg(long, value_parser = key(Recommender::from_key))]
    pub recommender: Option<Recommender>,
    /// 以此账号的名义和权限进行
    #[arg(long = "as", value_name = "LOGIN")]
    pub login: String,
}

impl Args {
    const fn whole(&self) -> Whole {
        Whole { source: self.source, role: self.role, sector: self.sector, recommender: self.recommender }
    }
}

/// Reads one of a closed set of values by its key.
fn key<T: Clone + Send + Sync + 'static>(
    read: impl Fn(&str) -> Option<T> + Clone + Send + Sync + 'static,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static {
    move |text| read(text).ok_or_else(|| "没有这个值".to_owned())
}

fn kind(key: &str) -> Result<ImportKind, String> {
    ImportKind::from_key(key).ok_or_else(|| "应为 experts、applications 或 tasks".to_owned())
}

fn batch(text: &str) -> Result<(i32, i32), String> {
    let parts = text.split_once('-').and_then(|(year, seq)| Some((year.parse().ok()?, seq.parse().ok()?)));
    parts.ok_or_else(|| "应为“年度-序号”，如 2026-1".to_owned())
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Internal(detail) => Self::Broken(format!("系统故障：{detail}")),
            other => Self::Refused(vec![other.to_string()]),
        }
    }
}

/// Checks the file, says what it would bring, and imports it if `--confirm` is given and nothing is wrong.
///
/// # Errors
/// `Refused` with every problem of the file, or because the account may not import; `Broken` if the database fails.
pub async fn run(app: &Arc<App>, args: &Args) -> Result<String, Failure> {
    let content = read(&args.file)?;
    let ctx = account::on_console(app, &args.login).await.map_err(|error| match error {
        Error::NotFound => Failure::Refused(vec![format!("没有启用的账号“{}”", args.login)]),
        other => other.into(),
    })?;
    let batch = match args.batch {
        Some(number) => Some(find_batch(&ctx, number).await?),
        None => None,
    };
    let name = args.file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let id = import::check(&ctx, args.kind, batch, &name, content).await?;
    let dry_run = import::dry_run(&ctx, id, args.whole()).await?;
    if !dry_run.problems.is_empty() {
        let lines = dry_run.problems.iter().map(|p| {
            format!("{} 工作表“{}” {}“{}”列：{}（{}）", dry_run.name, p.sheet, p.cell, p.column, p.reason, p.value)
        });
        return Err(Failure::Refused(lines.collect()));
    }
    let mut text = report(&dry_run);
    if args.confirm {
        let counts = import::confirm(
            &ctx,
            id,
            Assent { seen: dry_run.to_see.as_deref(), late: &args.late, whole: args.whole() },
        )
        .await?;
        let _ = writeln!(text, "已导入：新增 {} 行，更新 {} 行", counts.new, counts.updated);
    } else {
        text.push_str("仅核对，没有导入；加 --confirm 导入\n");
    }
    Ok(text)
}

async fn find_batch(ctx: &Context, (year, seq): (i32, i32)) -> Result<BatchId, Failure> {
    let batches = programme::batches(ctx).await?;
    let found = batches.iter().find(|batch| batch.year == year && batch.seq == seq);
    found.map(|batch| batch.id).ok_or_else(|| Failure::Refused(vec![format!("没有 {year} 年第 {seq} 批")]))
}

fn report(dry_run: &DryRun) -> String {
    let import::Counts { new, updated, same } = dry_run.counts;
    let (name, kind) = (&dry_run.name, dry_run.kind);
    let mut text = format!("{name}：{kind}，新增 {new} 行，更新 {updated} 行，与已有内容一致 {same} 行\n");
    for seen in &dry_run.seen {
        let _ = writeln!(text, "  工作表“{}”：{}，{} 行", seen.sheet, seen.kind, seen.rows);
        if let Some(hidden) = seen.hidden.words() {
            let _ = writeln!(text, "    {hidden}，已照常读取");
        }
        for aside in &seen.aside {
            let _ = writeln!(text, "    第{}行没有读取（{}）：{}", aside.row, aside.why, aside.text);
        }
        if !seen.unread.is_empty() {
            let _ = writeln!(text, "    未读取的列：{}", seen.unread.join("、"));
        }
    }
    for note in &dry_run.notes {
        let _ = writeln!(
            text,
            "  提示：工作表“{}” {}“{}”列：{}（{}）",
            note.sheet, note.cell, note.column, note.reason, note.value
        );
    }
    for import::Changed { sheet, row, code, change, .. } in &dry_run.changes {
        let Change { column, from, to } = change;
        let _ = writeln!(text, "  更改：工作表“{sheet}”第{row}行 {code}“{column}”列：“{from}”改为“{to}”");
    }
    for row in &dry_run.sample {
        let _ = writeln!(text, "  {}", row.join(" | "));
    }
    text
}
