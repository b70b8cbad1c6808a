//! 专家库: new experts, and those on file who are said to be otherwise.

use super::{Changed, Checked, Counts, Given, Ready, SAMPLE, Update, changed, problem};
use crate::identity::InUse;
use crate::personal::{is_same, keyed_hash, prepare};
use crate::{Context, Result};
use domain::NaiveDate;
use domain::changes::{self, Change};
use domain::expert::{Expert, PoolState, Tie, TieKind};
use domain::identity::Unit;
use domain::identity::codes::FreeCodes;
use domain::identity::doubles::{self, Resemblance};
use domain::ids::ExpertId;
use domain::people::Number;
use domain::text::name_key;
use import::experts::ExpertRow;
use import::{Located, Parsed, Problem};
use std::collections::{BTreeMap, HashMap};
use store::Repositories;
use store::repo::personal::Datum;

pub(in crate::import) async fn experts(ctx: &Context, parsed: Parsed<ExpertRow>) -> Result<Checked> {
    let mut desk = Desk::open(ctx, &parsed).await?;
    for (place, row) in parsed.rows.iter().enumerate() {
        desk.take(place, row, Given::of(row, &parsed))?;
    }
    let mut problems = parsed.problems;
    problems.append(&mut desk.problems);
    let mut notes = parsed.notes;
    notes.append(&mut desk.notes);
    notes.extend(desk.resembling(&parsed.rows));
    let new: Vec<Expert> = desk.new.into_iter().map(|(_, expert)| expert).collect();
    Ok(Checked {
        counts: Counts { new: new.len(), updated: desk.updates.len(), same: desk.same },
        ready: Ready::Experts { new, numbers: desk.numbers, updates: desk.updates },
        round: None,
        problems,
        notes,
        seen: parsed.seen,
        sample: desk.sample,
        changes: desk.changes,
    })
}

/// The pool beside the file, and what comes of the rows.
struct Desk<'a> {
    ctx: &'a Context,
    pool: Vec<Expert>,
    by_code: HashMap<String, Vec<usize>>,
    /// By keyed hash of an ID number, whose it is.
    hashes: HashMap<String, String>,
    filed: HashMap<ExpertId, Vec<Datum>>,
    in_use: InUse,
    free: FreeCodes,
    /// The rows that speak of entries on file.
    spoken_of: HashMap<ExpertId, u32>,
    /// With the place of their row.
    new: Vec<(usize, Expert)>,
    numbers: Vec<Datum>,
    /// Keyed hashes of the ID numbers of new experts.
    numbered: HashMap<ExpertId, String>,
    updates: Vec<Update<Expert>>,
    changes: Vec<Changed>,
    same: usize,
    problems: Vec<Problem>,
    notes: Vec<Problem>,
    sample: Vec<Vec<String>>,
}

/// What a row is about.
enum About {
    Nobody,
    /// Somebody on file, by place in the pool.
    Filed(usize),
    /// Cannot be told, or is another person.
    Unclear(Problem),
}

impl<'a> Desk<'a> {
    async fn open(ctx: &'a Context, parsed: &Parsed<ExpertRow>) -> Result<Self> {
        let pool = ctx.store().experts().all().await?;
        let mut by_code: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, expert) in pool.iter().enumerate() {
            by_code.entry(name_key(&expert.code)).or_default().push(place);
        }
        let mut filed: HashMap<ExpertId, Vec<Datum>> = HashMap::new();
        for datum in ctx.store().personal().all().await? {
            filed.entry(datum.expert).or_default().push(datum);
        }
        let codes = pool.iter().map(|expert| expert.code.as_str());
        let free = FreeCodes::new("ZJ", 4, codes.chain(parsed.rows.iter().filter_map(|row| row.value.code.as_deref())));
        Ok(Self {
            ctx,
            by_code,
            hashes: ctx.store().personal().hashes().await?,
            filed,
            in_use: InUse::load(ctx.store()).await?,
            free,
            pool,
            spoken_of: HashMap::new(),
            new: Vec::new(),
            numbers: Vec::new(),
            numbered: HashMap::new(),
            updates: Vec::new(),
            changes: Vec::new(),
            same: 0,
            problems: Vec::new(),
            notes: Vec::new(),
            sample: Vec::new(),
        })
    }

    fn take(&mut self, place: usize, row: &Located<ExpertRow>, given: Given<'_>) -> Result<()> {
        let value = &row.value;
        let id_hash = value.id_number.as_deref().map(|id| keyed_hash(self.ctx, id)).transpose()?;
        let code = match self.about(row, id_hash.as_deref()) {
            About::Unclear(problem) => {
                self.problems.push(problem);
                return Ok(());
            }
            About::Filed(at) => {
                self.update(row, at, given)?;
                self.pool[at].code.clone()
            }
            About::Nobody => {
                let code = value.code.clone().unwrap_or_else(|| self.free.take());
                let expert = filed_expert(ExpertId(self.ctx.id()), value, code.clone());
                self.numbers.extend(prepare(self.ctx, expert.id, &numbers(value))?);
                self.numbered.extend(id_hash.map(|hash| (expert.id, hash)));
                self.new.push((place, expert));
                code
            }
        };
        if self.sample.len() < SAMPLE {
            let sectors: Vec<_> = value.sectors.iter().map(|s| s.label()).collect();
            self.sample.push(vec![
                format!("{} 第{}行", row.sheet, row.row),
                code,
                value.name.clone(),
                value.role.label().to_owned(),
                sectors.join("、"),
                value.employer.clone(),
                format!("{}段经历", value.ties.len()),
            ]);
        }
        Ok(())
    }

    /// Whom a row is about: by its code, or, where the list has none, by the ID number.
    fn about(&self, row: &Located<ExpertRow>, id_hash: Option<&str>) -> About {
        let value = &row.value;
        let of_id = id_hash.and_then(|hash| self.hashes.get(hash));
        let Some(code) = &value.code else {
            let at = of_id.and_then(|code| self.pool.iter().position(|expert| expert.code == *code));
            return at.map_or(About::Nobody, About::Filed);
        };
        let alike = self.by_code.get(&name_key(code)).map_or(&[][..], Vec::as_slice);
        let exact = alike.iter().find(|at| self.pool[**at].code == *code);
        let at = match (exact, alike) {
            (Some(at), _) | (None, [at]) => *at,
            (None, []) => {
                return of_id.map_or(About::Nobody, |other| {
                    About::Unclear(problem(
                        row,
                        "身份证号",
                        HIDDEN,
                        format!("与专家库中的{other}为同一人；要更新该专家，请改用这个编号"),
                    ))
                });
            }
            (None, several) => {
                let codes: Vec<_> = several.iter().map(|at| self.pool[*at].code.as_str()).collect();
                let reason = format!("专家库中有{}，写法相近，请写成其中之一", codes.join("、"));
                return About::Unclear(problem(row, "专家编号", code, reason));
            }
        };
        let own = &self.pool[at];
        if let Some(other) = of_id.filter(|other| **other != own.code) {
            let reason = format!("编号是{}，身份证号却是专家库中{other}的，请核对", own.code);
            return About::Unclear(problem(row, "身份证号", HIDDEN, reason));
        }
        let differs = |a: &str, b: &str| name_key(a) != name_key(b);
        if own.standing != PoolState::Removed
            && differs(&own.name, &value.name)
            && differs(&own.employer, &value.employer)
        {
            let reason =
                format!("专家库中这个编号是{}（{}），与本行不是同一人；新专家请另编编号", own.name, own.employer);
            return About::Unclear(problem(row, "专家编号", code, reason));
        }
        About::Filed(at)
    }

    fn update(&mut self, row: &Located<ExpertRow>, at: usize, given: Given<'_>) -> Result<()> {
        let value = &row.value;
        let before = self.pool[at].clone();
        if let Some(first) = self.spoken_of.insert(before.id, row.row) {
            let reason = format!("与第{first}行都是专家库中的{}", before.code);
            self.problems.push(problem(row, "专家编号", &before.code, reason));
            return Ok(());
        }
        if before.standing == PoolState::Removed {
            let reason = format!("{}已退库，本行不更新", before.code);
            self.notes.push(problem(row, "专家编号", &before.code, reason));
            return Ok(());
        }
        let after = merged(&before, value, given, domain::beijing::day(self.ctx.now()));
        if after.standing == PoolState::Removed
            && let Some(round) = self.in_use.round_of(&before)
        {
            let reason = format!("{}已在“{round}”的抽取名单或席位中，不能退库", before.code);
            self.problems.push(problem(row, "在库状态", after.standing.label(), reason));
        }
        let mut changes = changes::of_expert(&before, &after);
        let mut replaced = Vec::new();
        for (kind, number) in numbers(value) {
            let filed = self.filed.get(&before.id).and_then(|own| own.iter().find(|datum| datum.kind == kind));
            if let Some(filed) = filed
                && is_same(self.ctx, filed, number)?
            {
                continue;
            }
            let from = filed.map(|datum| datum.masked.clone()).unwrap_or_default();
            let mut to = kind.mask(number);
            if to == from {
                to.push_str("（中间几位不同）");
            }
            changes.push(Change::new(&kind.to_string(), from, to));
            replaced.extend(prepare(self.ctx, before.id, &[(kind, number)])?);
        }
        if changes.is_empty() {
            self.same += 1;
            return Ok(());
        }
        self.changes.extend(changed(row, &before.code, &before.name, &changes));
        self.updates.push(Update { before, after, changes, numbers: replaced });
        Ok(())
    }

    /// What new rows have in common with each other and with the pool that makes them likely one person. Whoever confirms the import has seen it.
    fn resembling(&self, rows: &[Located<ExpertRow>]) -> Vec<Problem> {
        let of_code: HashMap<&str, ExpertId> = self.pool.iter().map(|e| (e.code.as_str(), e.id)).collect();
        let known = self.hashes.iter().filter_map(|(hash, code)| Some((*of_code.get(code.as_str())?, hash.as_str())));
        let mut groups: HashMap<&str, usize> = HashMap::new();
        let of: HashMap<ExpertId, usize> = known
            .chain(self.numbered.iter().map(|(id, hash)| (*id, hash.as_str())))
            .map(|(id, hash)| {
                let next = groups.len();
                (id, *groups.entry(hash).or_insert(next))
            })
            .collect();
        let places: HashMap<ExpertId, usize> = self.new.iter().map(|(place, expert)| (expert.id, *place)).collect();
        let updated: BTreeMap<ExpertId, &Expert> = self.updates.iter().map(|u| (u.before.id, &u.after)).collect();
        let pool = self.pool.iter().map(|expert| updated.get(&expert.id).copied().unwrap_or(expert));
        let all: Vec<Expert> = pool.chain(self.new.iter().map(|(_, expert)| expert)).cloned().collect();
        let code: HashMap<ExpertId, &str> = all.iter().map(|expert| (expert.id, expert.code.as_str())).collect();
        let mut found = Vec::new();
        // Equal ID numbers are problems of their own.
        for double in doubles::find(&all, |id| of.get(&id).copied()).iter().filter(|d| d.why != Resemblance::IdNumber) {
            // The later row is told of the earlier one, or of the entry in the pool.
            let pair = [double.first, double.second].map(|id| (places.get(&id).copied(), id));
            let [(other, id), (Some(at), _)] = (if pair[0].0 > pair[1].0 { [pair[1], pair[0]] } else { pair }) else {
                continue;
            };
            let whom = other.map_or_else(
                || format!("专家库中的{}", code.get(&id).copied().unwrap_or_default()),
                |place| format!("第{}行", rows[place].row),
            );
            let way = if other.is_some() {
                "是同一人的请删去一行"
            } else {
                "要更新该专家，请填这个编号"
            };
            let reason = format!("与{whom}{}，可能是同一人；{way}，确为两人的请填写双方身份证号", double.why.words());
            found.push((at, problem(&rows[at], "姓名", &rows[at].value.name, reason)));
        }
        // In the file's order, whatever the new ids are: the list is confirmed by its digest.
        found.sort_by(|(a, one), (b, other)| (a, &one.reason).cmp(&(b, &other.reason)));
        found.into_iter().map(|(_, note)| note).collect()
    }
}

const HIDDEN: &str = "********";

fn filed_expert(id: ExpertId, row: &ExpertRow, code: String) -> Expert {
    Expert {
        id,
        code,
        name: row.name.clone(),
        source: row.source,
        role: row.role,
        sectors: row.sectors.clone(),
        specialities: row.specialities.clone(),
        disciplines: row.disciplines.clone(),
        title: row.title.clone(),
        employer: row.employer.clone(),
        employer_uscc: row.employer_uscc.clone(),
        region: row.region.clone(),
        standing: row.standing.unwrap_or(PoolState::Active),
        ties: row.ties.clone(),
    }
}

/// An entry as a row has it. What the row's sheet has no column for stays as it is, and so do posts of which the file says nothing. Whoever has left
/// a unit recuses for it for three years more: the former unit becomes a post that ended by today.
fn merged(before: &Expert, row: &ExpertRow, given: Given<'_>, today: NaiveDate) -> Expert {
    let said = filed_expert(before.id, row, before.code.clone());
    let filed = before.clone();
    let mut ties = if row.ties.is_empty() { filed.ties } else { said.ties };
    let moved = Unit::new(&before.employer).likeness(&Unit::new(&said.employer)).is_none();
    let known = |tie: &Tie| {
        tie.uscc.is_some() && tie.uscc == before.employer_uscc || name_key(&tie.unit) == name_key(&before.employer)
    };
    if moved && !ties.iter().any(known) {
        ties.push(Tie {
            kind: TieKind::Employment,
            uscc: before.employer_uscc.clone(),
            unit: before.employer.clone(),
            position: "更新前的工作单位".to_owned(),
            since: None,
            until: Some(today),
        });
    }
    Expert {
        source: given.or("来源部门", said.source, filed.source),
        role: given.or("专家类别", said.role, filed.role),
        sectors: given.or("重点领域", said.sectors, filed.sectors),
        specialities: given.or("专业方向", said.specialities, filed.specialities),
        disciplines: given.or("学科代码", said.disciplines, filed.disciplines),
        title: given.or("职称", said.title, filed.title),
        // The code of another unit says nothing of this one.
        employer_uscc: given.or("统一社会信用代码", said.employer_uscc, filed.employer_uscc.filter(|_| !moved)),
        region: given.or("所在地区", said.region, filed.region),
        standing: row.standing.unwrap_or(filed.standing),
        ties,
        ..said
    }
}

fn numbers(row: &ExpertRow) -> Vec<(Number, &str)> {
    let all = [(Number::IdNumber, &row.id_number), (Number::Phone, &row.phone), (Number::BankCard, &row.bank_card)];
    all.into_iter().filter_map(|(kind, number)| Some((kind, number.as_deref()?))).collect()
}
