//! One row of 汇总表, and its union with the sheets of members and people.

use super::columns::Field;
use super::members::{self, Listed, Named};
use super::{ApplicationRow, Record, in_order};
use crate::date::When;
use crate::whole::Whole;
use chrono::NaiveDate;
use domain::application::{Form, Member, MemberRole, Person, Section};
use domain::money::Fen;
use domain::region::Recommender;
use domain::text::name_key;

/// A row whose own columns are all right; participants may still lack what another sheet gives.
pub struct Draft {
    pub code: Option<String>,
    task: String,
    pub title: String,
    form: Option<Form>,
    recommender: Recommender,
    investment: Fen,
    committed_on: Option<NaiveDate>,
    pub lead: Member,
    named: Vec<Named>,
    sections: Vec<Section>,
}

impl Draft {
    pub fn read(record: &mut Record<'_, '_, Field>, whole: Whole) -> Option<Self> {
        let coded = record.has_column(Field::Code);
        let code = if coded { record.required_code(Field::Code) } else { None };
        let task = record.required_text(Field::Task);
        let title = record.required_text(Field::Title);
        let form = record.optional_as(Field::Form, form);
        let name = record.required_unit(Field::Lead);
        let uscc = record.required_code_of(name.as_ref(), Field::Lead, Field::LeadUscc);
        let kind = record.required_as(Field::LeadKind, members::unit_kind);
        let recommender = record.given_or(whole.recommender, Field::Recommender, |record| {
            record.required_as(Field::Recommender, |text| {
                Recommender::from_text(text).ok_or_else(|| "应为14个市州或兰州新区之一".to_owned())
            })
        });
        let label = record.label(Field::Investment).to_owned();
        let investment = record.required_figure(Field::Investment, |text| money(text, &label));
        let committed_on = committed_on(record);
        let named = participants(record);
        let sections = [(Field::Foundation, "研发基础"), (Field::Plan, "攻关方案"), (Field::Funding, "资金筹措")]
            .into_iter()
            .map(|(field, heading)| Section { heading: heading.to_owned(), body: record.paragraphs(field) })
            .filter(|section| !section.body.is_empty())
            .collect();
        record.is_clean().then_some(())?;
        Some(Self {
            code,
            task: task?,
            title: title?,
            form,
            recommender: recommender?,
            investment: investment?,
            committed_on,
            lead: Member { uscc: uscc?, name: name?.name, kind: kind?, role: MemberRole::Lead },
            named,
            sections,
        })
    }

    /// Adds the participants of a row that belongs to the same merged block.
    pub fn continue_with(&mut self, record: &mut Record<'_, '_, Field>) {
        if record.merged_from(Field::Participants).is_none() {
            let more = participants(record);
            self.named.extend(more);
        }
        for field in [Field::Lead, Field::LeadUscc, Field::Title, Field::Task] {
            if record.merged_from(field).is_none() && !record.is_blank(field) {
                record.fail(field, "项目编号合并为一项，此列却另有内容；请拆成独立的行或清空");
            }
        }
    }

    /// Joins what the row names with what the member sheet lists.
    ///
    /// # Errors
    /// Value and reason for every unit without a code or at odds with itself.
    pub fn assemble(self, listed: &[Listed], people: Vec<Person>) -> Result<ApplicationRow, Vec<(String, String)>> {
        let mut reasons = Vec::new();
        let mut others: Vec<Member> = Vec::new();
        let mut covered = vec![false; listed.len()];
        for named in self.named {
            let twin = listed.iter().position(|l| {
                named.uscc.as_ref().map_or_else(|| name_key(&l.name) == name_key(&named.name), |uscc| *uscc == l.uscc)
            });
            if let Some(i) = twin {
                covered[i] = true;
                let unit = &listed[i];
                if name_key(&unit.name) != name_key(&named.name) {
                    let reason = format!("与“联合体成员”中同一代码的单位名称“{}”不一致", unit.name);
                    reasons.push((named.name.clone(), reason));
                }
                others.push(unit.member(named.kind, MemberRole::Participant));
            } else if let Some(uscc) = named.uscc {
                let kind = named.kind.unwrap_or_else(|| members::likely_kind(&named.name, &uscc));
                others.push(Member { uscc, name: named.name, kind, role: MemberRole::Participant });
            } else {
                let reason = "参与单位缺少统一社会信用代码，请写成“单位名称（代码）”，或在“联合体成员”中列出";
                reasons.push((named.name, reason.to_owned()));
            }
        }
        for (unit, _) in listed.iter().zip(&covered).filter(|(_, covered)| !**covered) {
            if unit.uscc == self.lead.uscc && unit.role != Some(MemberRole::Participant) {
                continue;
            }
            others.push(unit.member(None, MemberRole::Participant));
        }
        if !reasons.is_empty() {
            return Err(reasons);
        }
        let form = self.form.unwrap_or(if others.is_empty() { Form::Solo } else { Form::Consortium });
        Ok(ApplicationRow {
            code: self.code,
            task: self.task,
            title: self.title,
            form,
            recommender: self.recommender,
            investment: self.investment,
            committed_on: self.committed_on,
            members: in_order(self.lead, others),
            people,
            sections: self.sections,
        })
    }
}

fn participants(record: &mut Record<'_, '_, Field>) -> Vec<Named> {
    if record.is_blank(Field::Participants) {
        return Vec::new();
    }
    let names = record.paragraphs(Field::Participants);
    let codes = record.paragraphs(Field::ParticipantUsccs);
    members::participants(&names, &codes).unwrap_or_else(|(value, reason)| {
        record.fail_with(Field::Participants, value, reason);
        Vec::new()
    })
}

fn form(text: &str) -> Result<Form, String> {
    let key = name_key(text);
    match (key.contains("联合"), ["单独", "独立", "单个"].iter().any(|w| key.contains(w))) {
        (true, false) => Ok(Form::Consortium),
        (false, true) => Ok(Form::Solo),
        _ => Err("应为“单独申报”或“联合体”".to_owned()),
    }
}

/// The commitment binds from a day, so a month is not enough.
fn committed_on(record: &mut Record<'_, '_, Field>) -> Option<NaiveDate> {
    match record.when(Field::CommittedOn)? {
        When::Day(day) => Some(day),
        When::Open => None,
        When::Month(..) | When::Year(_) | When::Part(..) => {
            record.fail(Field::CommittedOn, "承诺书签署日期应写到日，如 2024-03-01");
            None
        }
    }
}

/// An amount under a header that may name its unit. Without one it is 万元, as in the official table.
fn money(text: &str, label: &str) -> Result<Fen, String> {
    const FEN_PER_YUAN_OVER_WAN: i64 = 10_000;
    const LARGEST: Fen = Fen::wan(1_000_000);
    let bad = || "应为以万元为单位的数字，如 6200 或 6,200.5".to_owned();
    if text.contains('亿') || label.contains('亿') || label.contains("千元") || label.contains("美元") {
        return Err("金额单位应为万元".to_owned());
    }
    let in_yuan = label.contains('元') && !label.contains("万元") && !text.contains('万');
    let amount = if in_yuan {
        let wan = Fen::parse_wan(text.trim_end_matches('元')).ok_or_else(bad)?;
        (wan.0 % FEN_PER_YUAN_OVER_WAN == 0).then_some(Fen(wan.0 / FEN_PER_YUAN_OVER_WAN)).ok_or_else(bad)?
    } else {
        Fen::parse_wan(text).ok_or_else(bad)?
    };
    if amount > LARGEST {
        return Err("金额超过100亿元，请确认单位是万元".to_owned());
    }
    Ok(amount)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_follow_the_unit_in_the_header() {
        assert_eq!(money("6,200.5", "总投资（万元）"), Ok(Fen(6_200_500_000)));
        assert_eq!(money("６２００万元", "总投资"), Ok(Fen::wan(6200)));
        assert_eq!(money("62000000", "总投资（元）"), Ok(Fen::wan(6200)));
        assert!(money("62000000", "总投资").unwrap_err().contains("单位"));
        assert!(money("0.62亿", "总投资（万元）").is_err());
        assert!(money("约6200", "总投资（万元）").is_err());
    }
}
