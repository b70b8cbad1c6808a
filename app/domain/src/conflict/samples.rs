//! Experts and applications for tests.

use crate::access::Department;
use crate::application::{Application, ApplicationState, Form, Member, MemberRole, UnitKind};
use crate::expert::{Expert, PoolState, Tie, TieKind};
use crate::ids::{ApplicationId, BatchId, ExpertId, TaskId};
use crate::money::Fen;
use crate::region::Recommender;
use crate::rubric::ExpertRole;
use crate::uscc::Uscc;
use chrono::NaiveDate;
use uuid::Uuid;

pub fn uscc(n: u32) -> Uscc {
    Uscc::from_body(&format!("9162000000000{n:04}")).unwrap()
}

pub fn date(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap()
}

pub fn expert(n: u128, employer: u32) -> Expert {
    Expert {
        id: ExpertId(Uuid::from_u128(n)),
        code: format!("E{n}"),
        name: format!("专家{n}"),
        source: Department::Industry,
        role: ExpertRole::Technical,
        sectors: vec![],
        specialities: String::new(),
        disciplines: Vec::new(),
        title: String::new(),
        employer: format!("单位{employer}"),
        employer_uscc: Some(uscc(employer)),
        region: String::new(),
        standing: PoolState::Active,
        ties: vec![],
    }
}

pub fn application(n: u128, task: u128, units: &[u32]) -> Application {
    Application {
        id: ApplicationId(Uuid::from_u128(n)),
        batch: BatchId(Uuid::nil()),
        task: TaskId(Uuid::from_u128(task)),
        code: format!("A-{n:03}"),
        title: "示例".to_owned(),
        form: Form::Consortium,
        recommender: Recommender::Lanzhou,
        investment: Fen::wan(1000),
        committed_on: None,
        state: ApplicationState::Filed,
        state_reason: String::new(),
        members: units
            .iter()
            .enumerate()
            .map(|(i, unit)| Member {
                uscc: uscc(*unit),
                name: format!("单位{unit}"),
                kind: UnitKind::Enterprise,
                role: if i == 0 { MemberRole::Lead } else { MemberRole::Participant },
            })
            .collect(),
        people: vec![],
        sections: vec![],
    }
}

pub fn tie(kind: TieKind, unit: u32, since: &str, until: Option<&str>) -> Tie {
    Tie {
        kind,
        uscc: Some(uscc(unit)),
        unit: format!("单位{unit}"),
        position: String::new(),
        since: Some(date(since)),
        until: until.map(date),
    }
}
