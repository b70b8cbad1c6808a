//! The command beside 评分数据 makes the official result again, figure by figure.

use clap::Parser;
use domain::access::Errand;
use domain::points::Points;
use domain::round::Step;
use domain::run::RunKind;
use serde_json::Value;
use server::cli::calibrate;
use server::config::{Config, Flags};
use server::start::{open_app, open_store};
use service::calibration::Record;
use store::Repositories;

#[derive(Debug, Parser)]
enum Hengping {
    Calibrate(calibrate::Args),
}

#[tokio::test]
async fn the_printed_command_gives_the_scores_ranks_and_chances_that_were_kept() {
    let folder = tempfile::tempdir().unwrap();
    let flags = Flags { data: Some(folder.path().join("data")), ..Flags::default() };
    let config = Config::read(&flags).unwrap();
    server::demo::prepare(&config, 1).await.unwrap();
    let app = open_app(&config, open_store(&config).await.unwrap(), service::Policy::Demonstration).await.unwrap();
    let store = app.program(Errand::Demonstration);
    let all = store.rounds().all().await.unwrap();
    let round = all.iter().find(|round| round.step == Step::Ranking).unwrap();
    let run = store.runs().latest(round.id, RunKind::Calibration).await.unwrap();
    let kept: Record = serde_json::from_str(&run.output).unwrap();

    let coordinator = service::account::on_console(&app, "gxt").await.unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let csv = service::calibration::scores_csv(&coordinator, round.id).await.unwrap();
    std::fs::write(at("scores.csv"), csv).unwrap();

    let printed = service::calibration::command(round);
    let words = printed.split_whitespace().map(|word| match word {
        "scores.csv" | "result.json" => at(word),
        other => other.to_owned(),
    });
    assert_eq!(printed.split_whitespace().next(), Some("hengping"));
    let Hengping::Calibrate(args) = Hengping::try_parse_from(words).unwrap();
    calibrate::run(&args).unwrap();
    let result: Value = serde_json::from_slice(&std::fs::read(at("result.json")).unwrap()).unwrap();

    let rows = result["applications"].as_array().unwrap();
    assert_eq!(rows.len(), kept.applications.len());
    for row in rows {
        let code = row["application"].as_str().unwrap();
        let line = kept.application(code).unwrap();
        let points = row["final"].as_f64().map(|points| format!("{points:.2}"));
        assert_eq!(points, line.finals.get(&kept.method).map(Points::to_string), "{code}");
        assert_eq!(row["rank"].as_u64(), line.ranks.get(&kept.method).map(|rank| *rank as u64), "{code}");
        assert_eq!(row["p_top"].as_f64(), line.p_top, "{code}");
        let interval = (row["rank_low"].as_u64(), row["rank_high"].as_u64());
        assert_eq!(interval, (line.rank_low.map(|rank| rank as u64), line.rank_high.map(|rank| rank as u64)), "{code}");
    }
    assert_eq!(result["seed"], kept.seed.as_str());
}
