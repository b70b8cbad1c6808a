//! `calibrate`, `assign`, `draw`, `replay` and `verify` on small files: what they write, what they say, and that bad input changes nothing.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use clap::Parser;
use serde_json::Value;
use server::cli::{Failure, assign, calibrate, draw, replay, simulate, verify};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

#[derive(Debug, Parser)]
enum Command {
    Calibrate(calibrate::Args),
    Assign(assign::Args),
    Verify(verify::Args),
    Draw(draw::Args),
    Replay(replay::Args),
    Simulate(simulate::Args),
}

/// A folder with files in it.
struct Folder(TempDir);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (name, text) in files {
            folder.put(name, text);
        }
        folder
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        std::fs::write(self.at(name), text).unwrap();
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&std::fs::read(self.at(name)).unwrap()).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Runs a command line in which `@name` stands for a file of the folder, and `@` for the folder.
    fn run(&self, line: &str) -> Result<String, Failure> {
        let place = |word: &str| match word.strip_prefix('@') {
            Some("") => self.0.path().display().to_string(),
            Some(name) => self.at(name).display().to_string(),
            None => word.to_owned(),
        };
        let words = std::iter::once("hengping".to_owned()).chain(line.split(' ').map(place));
        match Command::try_parse_from(words).unwrap() {
            Command::Calibrate(args) => calibrate::run(&args),
            Command::Assign(args) => assign::run(&args),
            Command::Verify(args) => verify::run(&args),
            Command::Draw(args) => draw::run(&args),
            Command::Replay(args) => replay::run(&args),
            Command::Simulate(args) => simulate::run(&args),
        }
    }
}

const SCORES: &str = "application,expert,score,panel\nA,1,80,p\nA,2,82,p\nB,1,70,p\nB,2,75,p\nC,1,84,p\nC,2,82,p\n";

#[test]
fn calibrate_writes_its_report_and_repeats_it_from_the_seed() {
    let folder = Folder::new(&[("scores.csv", SCORES)]);
    let line = "calibrate --scores @scores.csv --output @out.json --top 1 --draws 500 --seed";
    folder.run(&format!("{line} 2A")).unwrap();
    let first = folder.json("out.json");
    assert_eq!(first["algorithm"], "calibrate/2");
    assert_eq!(first["method"], "mixed");
    assert_eq!(first["seed"], format!("{:0>64}", "2a"));
    assert_eq!(first["applications"][2]["raw"], 83.0);
    assert_eq!(first["applications"][2]["rank"], 1);
    let chances: Vec<f64> = (0..3).map(|i| first["applications"][i]["p_top"].as_f64().unwrap()).collect();
    assert!(chances[2] > chances[0] && chances[0] > 0.0, "{chances:?}");
    for part in ["read", "fit", "draws"] {
        assert!(first["timing_ms"][part].as_f64().unwrap() > 0.0, "{part}");
    }
    folder.run(&format!("{line} 2a")).unwrap();
    let mut again = folder.json("out.json");
    again["timing_ms"] = first["timing_ms"].clone();
    assert_eq!(again, first);
    folder.run(&format!("{line} 2b")).unwrap();
    assert_ne!(folder.json("out.json")["applications"], first["applications"]);
    assert_eq!(folder.names(), ["out.json", "scores.csv"], "no temporary file is left");
}

#[test]
fn calibrate_names_every_bad_row_and_keeps_the_old_result() {
    let bad = "application,expert,score\nA,1,八十\n,2,82\nB,1,\n";
    let folder = Folder::new(&[("scores.csv", bad), ("out.json", "old")]);
    let failure = folder.run("calibrate --scores @scores.csv --output @out.json").unwrap_err();
    assert_eq!(failure.code(), 2);
    let text = failure.to_string();
    for place in ["scores.csv 第 2 行“score”列", "第 3 行“application”列", "第 4 行“score”列"] {
        assert!(text.contains(place), "{text}");
    }
    assert_eq!(std::fs::read_to_string(folder.at("out.json")).unwrap(), "old");
    let missing = folder.run("calibrate --scores @nothing.csv --output @out.json").unwrap_err();
    assert_eq!(missing.code(), 2);
    assert!(missing.to_string().contains("nothing.csv：无法读取，文件不存在"), "{missing}");
}

#[test]
fn a_result_that_cannot_be_written_is_no_success() {
    let folder = Folder::new(&[("scores.csv", SCORES)]);
    let failure = folder.run("calibrate --scores @scores.csv --output @missing/out.json").unwrap_err();
    assert_eq!(failure.code(), 1);
    assert_eq!(folder.names(), ["scores.csv"]);
}

#[test]
fn arguments_that_mean_nothing_are_refused() {
    let parse = |line: &str| Command::try_parse_from(std::iter::once("hengping").chain(line.split(' ')));
    let calibrate = "calibrate --scores a --output b";
    let assign = "assign --input a --output b";
    assert!(parse(calibrate).is_ok() && parse(assign).is_ok());
    let too_long = format!("--seed {}", "0".repeat(65));
    for more in ["--seed xyz", &too_long, "--top 0", "--draws 0", "--draws -1", "--method best"] {
        assert!(parse(&format!("{calibrate} {more}")).is_err(), "{more}");
    }
    for more in ["--objective best", "--objective keep", "--employer-cap 0"] {
        assert!(parse(&format!("{assign} {more}")).is_err(), "{more}");
    }
}

/// Eight applications by five experts; the fifth dislikes the fourth application.
fn round_with_a_grudge() -> String {
    let mut text = "application,expert,score\n".to_owned();
    for application in 0..8 {
        for expert in 0..5 {
            let grudge = if (application, expert) == (3, 4) { 25 } else { 0 };
            let points = 92 - 2 * application + (application * 7 + expert * 3) % 5 - grudge;
            writeln!(text, "P{application},E{expert},{points}").unwrap();
        }
    }
    text
}

#[test]
fn calibrate_says_what_would_have_to_be_different() {
    let folder = Folder::new(&[("scores.csv", &round_with_a_grudge())]);
    folder.run("calibrate --scores @scores.csv --output @out.json --top 4 --draws 500").unwrap();
    let report = folder.json("out.json");
    let sensitivity = &report["sensitivity"];
    assert_eq!(sensitivity["scenarios"], 6 + 5);
    let changes = sensitivity["changes"].as_array().unwrap();
    let without = changes.iter().find(|change| change["without_expert"] == "E4").unwrap();
    assert_eq!((&without["enter"][0], &without["leave"][0]), (&"P3".into(), &"P4".into()));
    let sheet = &report["sheets"][0];
    assert_eq!((&sheet["application"], &sheet["expert"]), (&"P3".into(), &"E4".into()));
    assert!(sheet["residual"].as_f64().unwrap() < -3.0, "{sheet}");
    let further = report["further_reviews"].as_array().unwrap();
    assert!(further.iter().any(|row| row["application"] == "P4"), "{further:?}");
    for row in further {
        let wrong: Vec<f64> = row["misclassified"].as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect();
        assert!(wrong[0] > 0.1 && wrong.windows(2).all(|pair| pair[1] <= pair[0] + 1e-6), "{wrong:?}");
    }
}

#[test]
fn places_are_given_by_group_and_not_to_whoever_takes_no_part() {
    let mut text = "application,expert,score,group\n".to_owned();
    let applications = [("A1", "甲"), ("A2", "甲"), ("A3", "甲"), ("B1", "乙"), ("B2", "乙"), ("C1", "")];
    for (n, (application, group)) in (0_i64..).zip(applications) {
        for (expert, leaning) in [("E1", 0), ("E2", 2), ("E3", -1), ("E4", 1)] {
            let noise = ["", ".5", ".25"][usize::try_from((n * n + n * (leaning + 1)) % 3).unwrap()];
            // C1, which takes no part, has the best sheets; B1 and B2 the worst.
            let score = if application == "C1" { 95 } else { 88 - 6 * n } + leaning;
            writeln!(text, "{application},{expert},{score}{noise},{group}").unwrap();
        }
    }
    let folder = Folder::new(&[("scores.csv", &text)]);
    let chances = |options: &str| -> Vec<f64> {
        folder.run(&format!("calibrate --scores @scores.csv --output @out.json --draws 400 {options}")).unwrap();
        let rows = folder.json("out.json")["applications"].as_array().unwrap().clone();
        rows.iter().map(|row| row["p_top"].as_f64().unwrap_or(0.0).round()).collect()
    };
    assert_eq!(chances("--top 1 --scope group"), [1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    assert_eq!(chances("--top 2"), [1.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(chances("--top 1 --scope group --pass-mark 80"), [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    folder.put("plain.csv", "application,expert,score\na,e,80\n");
    let refused = folder.run("calibrate --scores @plain.csv --output @out.json --top 1 --scope group").unwrap_err();
    assert!(refused.to_string().contains("group"), "{refused}");
    folder.put("two.csv", "application,expert,score,group\na,e,80,甲\na,f,80,乙\n");
    let refused = folder.run("calibrate --scores @two.csv --output @out.json").unwrap_err();
    assert!(refused.to_string().contains("另一组"), "{refused}");
}

const DESIGNS: &str = "rounds = 4\ndraws = 100\n
[[design]]\nname = \"不连接\"\napplications = 20\nexperts = 12\npanels = 2\nreviews = 5\nplaces = 5
[[design]]\nname = \"连接\"\napplications = 20\nexperts = 12\npanels = 2\nreviews = 5\nbridging = 0.2\nplaces = 5
[design.spread]\nseverity = 6.0\n";

#[test]
fn simulate_prints_a_table_per_design_and_repeats_itself() {
    let folder = Folder::new(&[("designs.toml", DESIGNS)]);
    let text = folder.run("simulate --config @designs.toml --output @out.json").unwrap();
    for part in ["方案“不连接”", "方案“连接”", "混合效应校准", "（4 轮给不出全部成绩）", "名次区间包含真实名次"]
    {
        assert!(text.contains(part), "{text}");
    }
    let first = folder.json("out.json");
    assert_eq!(first["algorithm"], "simulate/1");
    assert_eq!(first["designs"][1]["outcome"]["connected"], 1.0);
    assert_eq!(first["designs"][0]["outcome"]["methods"][5]["tau"], serde_json::Value::Null);
    assert_eq!(folder.run("simulate --config @designs.toml").unwrap(), text);
}

#[test]
fn simulate_refuses_what_makes_no_sense() {
    let bad = DESIGNS.replace("reviews = 5\nplaces", "reviews = 7\nplaces");
    for (text, reason) in [
        (bad.as_str(), "每项申报 7 份评审"),
        ("rounds = 1\n", "design"),
        ("seed = \"xyz\"\ndesign = []\n", "十六进制"),
        ("rounds = \"many\"\ndesign = []\n", "rounds"),
        ("speed = 1\ndesign = []\n", "speed"),
    ] {
        let folder = Folder::new(&[("designs.toml", text)]);
        let failure = folder.run("simulate --config @designs.toml --output @out.json").unwrap_err();
        assert_eq!((failure.code(), folder.names()), (2, vec!["designs.toml".to_owned()]));
        assert!(failure.to_string().contains(reason), "{failure}");
    }
}

const APPLICATIONS: &str = "application,demand\nA,2\nB,1\n";
const EXPERTS: &str =
    "expert,min_load,max_load,roles,employer\n1,0,2,,甲\n2,0,1,technical,乙\n3,0,1,finance|management,甲\n";
const AFFINITY: &str = "expert,application,affinity\n1,A,0.9\n2,A,0.5\n3,A,0.8\n1,B,0.1\n3,B,0.2\n";

fn problem() -> Folder {
    Folder::new(&[("applications.csv", APPLICATIONS), ("experts.csv", EXPERTS), ("affinity.csv", AFFINITY)])
}

#[test]
fn assign_writes_an_optimum_that_verify_confirms() {
    let folder = problem();
    folder.run("assign --input @ --output @out.json").unwrap();
    let outcome = folder.json("out.json");
    assert_eq!((&outcome["status"], &outcome["objective"]), (&"optimal".into(), &1.6.into()));
    assert_eq!(outcome["assignments"].as_array().unwrap().len(), 3);
    for part in ["read", "build", "solve"] {
        assert!(outcome["timing_ms"][part].as_f64().unwrap() > 0.0, "{part}");
    }
    assert!(folder.run("verify @out.json").unwrap().contains("没有更优"));

    folder.run("assign --input @ --output @two.json --employer-cap 2").unwrap();
    assert_eq!(folder.json("two.json")["objective"], 1.8);
    assert!(folder.run("verify @two.json --input @").unwrap().contains("没有更优"), "the cap is read from the result");

    let keep = "assign --input @ --output @kept.json --objective keep --previous @out.json --employer-cap 2";
    folder.run(keep).unwrap();
    assert_eq!(folder.json("kept.json")["objective"], 0.0, "no link of the earlier assignment is given up");
    assert!(folder.run("verify @kept.json --previous @out.json").is_ok());
    assert_eq!(folder.run("verify @kept.json").unwrap_err().code(), 2, "without the earlier assignment");

    folder.run("assign --input @ --output @fair.json --objective fair").unwrap();
    assert!(folder.run("verify @fair.json").is_ok());
}

#[test]
fn verify_notices_what_was_changed() {
    let folder = problem();
    folder.run("assign --input @ --output @out.json").unwrap();
    let text = std::fs::read_to_string(folder.at("out.json")).unwrap();
    for (was, is) in [("\"employer_cap\": 1", "\"employer_cap\": 2"), ("\"objective\": 1.6", "\"objective\": 1.7")] {
        assert!(text.contains(was));
        folder.put("false.json", &text.replace(was, is));
        let failure = folder.run("verify @false.json").unwrap_err();
        assert_eq!(failure.code(), 1);
        assert!(failure.to_string().contains("核验不通过"), "{failure}");
    }
    folder.put("affinity.csv", &AFFINITY.replace("0.5", "0.6"));
    let other_input = folder.run("verify @out.json").unwrap_err();
    assert!(other_input.to_string().contains("输入摘要不符"), "{other_input}");
    folder.put("false.json", "{}");
    assert_eq!(folder.run("verify @false.json").unwrap_err().code(), 2);
}

#[test]
fn what_cannot_be_assigned_is_explained_in_the_output_and_in_words() {
    let folder = problem();
    folder.put("conflicts.csv", "expert,application,reason\n1,A,同一单位\n2,A,三年内任职\n");
    let failure = folder.run("assign --input @ --output @out.json").unwrap_err();
    assert_eq!(failure.code(), 3);
    let Failure::Infeasible(lines) = failure else { panic!() };
    assert!(lines.iter().any(|line| line.contains("项目 A")), "{lines:?}");
    let outcome = folder.json("out.json");
    assert_eq!(outcome["status"], "infeasible");
    assert!(lines.contains(&outcome["shortfalls"][0]["message"].as_str().unwrap().to_owned()));
    assert!(folder.run("verify @out.json").is_ok());
    assert!(outcome.get("partial").is_none(), "nothing incomplete unless it is asked for");
    assert_eq!(folder.run("assign --input @ --output @part.json --partial").unwrap_err().code(), 3);
    let partial = &folder.json("part.json")["partial"];
    assert_eq!(partial["complete"], false);
    assert!(partial["empty_seats"].as_u64().unwrap() > 0);
    assert!(partial["note"].as_str().unwrap().contains("不得作为正式分配结果使用"));
}

#[test]
fn bad_rows_of_all_files_are_listed_together() {
    let folder = problem();
    folder.put("experts.csv", "expert,min_load,max_load\n1,0,x\n1,0,1\n");
    folder.put("affinity.csv", "expert,application,affinity\n1,A,2\n9,A,0.5\n");
    folder.put("locks.csv", "expert,application\n1,Z\n");
    let failure = folder.run("assign --input @ --output @out.json").unwrap_err();
    assert_eq!(failure.code(), 2);
    let text = failure.to_string();
    for place in [
        "experts.csv 第 2 行“max_load”列",
        "experts.csv 第 3 行“expert”列",
        "affinity.csv 第 2 行“affinity”列",
        "affinity.csv 第 3 行“expert”列",
        "locks.csv 第 2 行“application”列",
    ] {
        assert!(text.contains(place), "{place} in {text}");
    }
    assert!(!folder.at("out.json").exists());
    std::fs::remove_file(folder.at("applications.csv")).unwrap();
    std::fs::remove_file(folder.at("affinity.csv")).unwrap();
    let Failure::Refused(lines) = folder.run("assign --input @ --output @out.json").unwrap_err() else { panic!() };
    assert_eq!(lines.len(), 2, "both missing files are named: {lines:?}");
    assert!(!Path::new(&folder.at("out.json")).exists());
}

#[test]
fn a_draw_is_replayed_from_its_record_and_a_false_one_is_named() {
    let folder = problem();
    let said = folder.run("draw --input @ --seed c0ffee --output @record.json --round 2025-1").unwrap();
    assert!(said.contains("候选 3 名"), "{said}");
    let record = folder.json("record.json");
    assert_eq!((&record["algorithm"], &record["round"]), (&"draw/2".into(), &"2025-1".into()));
    assert_eq!(record["seating"].as_array().unwrap().len(), 3);
    assert!(said.contains("备选不足"), "three candidates leave no alternates: {said}");
    for line in ["replay @record.json", "verify @record.json"] {
        let said = folder.run(line).unwrap();
        assert!(said.contains("逐字节相同") && said.contains("不证明随机性"), "{said}");
    }

    folder.run("draw --input @ --seed c0ffee --output @again.json --round 2025-1").unwrap();
    assert_eq!(std::fs::read(folder.at("record.json")).unwrap(), std::fs::read(folder.at("again.json")).unwrap());

    let text = std::fs::read_to_string(folder.at("record.json")).unwrap();
    folder.put("false.json", &text.replacen("\"order\": 1", "\"order\": 2", 1));
    let failure = folder.run("replay @false.json").unwrap_err();
    assert_eq!(failure.code(), 1);
    assert!(failure.to_string().contains("lots[0].order"), "{failure}");
    folder.put("false.json", "{}");
    assert_eq!(folder.run("replay @false.json").unwrap_err().code(), 2);
}

#[test]
fn a_pool_that_cannot_fill_the_seats_is_explained() {
    let folder = problem();
    folder.put("conflicts.csv", "expert,application,reason\n1,A,同一单位\n2,A,三年内任职\n");
    let failure = folder.run("draw --input @ --seed 1 --output @record.json").unwrap_err();
    assert_eq!(failure.code(), 3);
    assert!(failure.to_string().contains("项目 A"), "{failure}");
    let refusal = folder.json("record.json");
    assert_eq!(refusal["status"], "infeasible");
    assert!(!refusal["shortfalls"].as_array().unwrap().is_empty());
}
