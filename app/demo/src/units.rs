//! The invented units: firms per sector, universities, institutes, accountants, associations.

use crate::names;
use crate::source::Dice;
use domain::application::{Member, MemberRole, UnitKind};
use domain::region::Recommender;
use domain::sector::Sector;
use domain::uscc::Uscc;
use service::{Error, Result};
use std::collections::BTreeMap;

/// 单位
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    pub uscc: Uscc,
    pub name: String,
    pub kind: UnitKind,
    pub region: Recommender,
}

impl Unit {
    pub fn member(&self, role: MemberRole) -> Member {
        Member { uscc: self.uscc.clone(), name: self.name.clone(), kind: self.kind, role }
    }
}

/// Every unit of the story.
#[derive(Debug)]
pub struct Units {
    pub firms: BTreeMap<Sector, Vec<Unit>>,
    pub universities: Vec<Unit>,
    pub institutes: Vec<Unit>,
    pub accountants: Vec<Unit>,
    pub associations: Vec<Unit>,
}

/// The policy's eight sectors.
pub const SECTORS: &[Sector] = Sector::ALL.split_at(8).0;

const FIRMS_PER_SECTOR: usize = 34;
const UNIVERSITIES: usize = 16;
const INSTITUTES: usize = 22;
const ACCOUNTANTS: usize = 24;
const ASSOCIATIONS: usize = 10;

impl Units {
    /// A larger scale adds units and leaves the others as they are.
    ///
    /// # Errors
    /// Never with the alphabet used here.
    pub fn make(scale: usize) -> Result<Self> {
        let mut firms = BTreeMap::new();
        for (sector, place) in SECTORS.iter().zip(0..) {
            let trades = trades(*sector);
            let name = |i| names::firm(trades, i);
            firms.insert(*sector, several(place, FIRMS_PER_SECTOR * scale, name, UnitKind::Enterprise)?);
        }
        Ok(Self {
            firms,
            universities: several(10, UNIVERSITIES * scale, names::university, UnitKind::University)?,
            institutes: several(11, INSTITUTES * scale, names::institute, UnitKind::Institute)?,
            accountants: several(12, ACCOUNTANTS * scale, names::accountants, UnitKind::Other)?,
            associations: several(13, ASSOCIATIONS * scale, names::association, UnitKind::Other)?,
        })
    }

    pub fn firms_of(&self, sector: Sector) -> &[Unit] {
        self.firms.get(&sector).map_or(&[], Vec::as_slice)
    }

    pub fn scholarly<'a>(&'a self, dice: &mut Dice) -> &'a Unit {
        let from = if dice.percent(55) { &self.universities } else { &self.institutes };
        dice.pick(from)
    }
}

/// Units of one kind; `class` keeps their codes apart from those of other kinds.
fn several(class: usize, count: usize, name: impl Fn(usize) -> String, kind: UnitKind) -> Result<Vec<Unit>> {
    let unit = |i: usize| {
        // Firms are everywhere, most others in the provincial capital.
        let region = if kind == UnitKind::Enterprise || i.is_multiple_of(3) {
            Recommender::ALL[(i + class) % Recommender::ALL.len()]
        } else {
            Recommender::Lanzhou
        };
        let register = match kind {
            UnitKind::University | UnitKind::Institute => "12",
            UnitKind::Enterprise | UnitKind::Other => "91",
        };
        let division = if region == Recommender::NewArea { "620171" } else { region.key() };
        let uscc = Uscc::from_body(&format!("{register}{division}{class:04}{i:05}"));
        Ok(Unit { uscc: uscc.map_err(|error| Error::Internal(error.to_string()))?, name: name(i), kind, region })
    };
    (0..count).map(unit).collect()
}

const fn trades(sector: Sector) -> &'static [&'static str] {
    match sector {
        Sector::Metallurgy => &["冶金", "铝业", "铜业"],
        Sector::Chemical => &["能源化工", "煤化工", "氢能"],
        Sector::Electronics => &["电子信息", "半导体", "智控"],
        Sector::Equipment => &["智能装备", "重型机械", "机床"],
        Sector::Materials => &["新材料", "复合材料", "合金"],
        Sector::Biomedicine => &["生物医药", "中药", "生物技术"],
        Sector::Aerospace => &["航空航天", "航天器件", "无人机"],
        Sector::Circular | Sector::Other => &["循环经济", "再生资源", "环保"],
    }
}
