//! What is said of a whole file where it lacks a column.

use crate::components::{Button, Card, Choice, FormActions, Query, Select};
use domain::access::Department;
use domain::import::ImportKind;
use domain::region::Recommender;
use domain::rubric::ExpertRole;
use domain::sector::Sector;
use leptos::prelude::*;
use service::import::{DryRun, Whole};

/// What an address says.
pub fn whole(query: &Query) -> Whole {
    Whole {
        source: query.get("source").and_then(Department::from_key),
        role: query.get("role").and_then(ExpertRole::from_key),
        sector: query.get("sector").and_then(Sector::from_key),
        recommender: query.get("recommender").and_then(Recommender::from_key),
    }
}

/// The same as pairs, for addresses and hidden fields.
pub fn pairs(whole: Whole) -> Vec<(&'static str, &'static str)> {
    let all = [
        ("source", whole.source.map(Department::key)),
        ("role", whole.role.map(ExpertRole::key)),
        ("sector", whole.sector.map(Sector::key)),
        ("recommender", whole.recommender.map(Recommender::key)),
    ];
    all.into_iter().filter_map(|(name, key)| Some((name, key?))).collect()
}

/// An address that says the same.
pub fn address(path: String, whole: Whole) -> String {
    let query = pairs(whole).into_iter().fold(Query::new(path), |query, (name, key)| query.with(name, key));
    query.href()
}

/// The form to say it, where the file lacks such a column or something was said.
pub fn card(run: &DryRun) -> Option<AnyView> {
    let names: &[&str] = match run.kind {
        ImportKind::Experts => &["来源部门", "专家类别", "重点领域"],
        ImportKind::Applications => &["推荐单位"],
        ImportKind::Tasks => return None,
    };
    let lacking = run.seen.iter().flat_map(|seen| &seen.missing).any(|column| names.contains(&column.as_str()));
    if !lacking && run.whole == Whole::default() {
        return None;
    }
    let whole = run.whole;
    let fields = match run.kind {
        ImportKind::Experts => view! {
            <Select name="source" label="来源部门" choices=choices(Department::ALL, Department::key) value=whole.source.map(|v| v.key().to_owned()) empty="不指定" />
            <Select name="role" label="专家类别" choices=choices(ExpertRole::ALL, ExpertRole::key) value=whole.role.map(|v| v.key().to_owned()) empty="不指定" />
            <Select name="sector" label="重点领域" choices=choices(Sector::ALL, Sector::key) value=whole.sector.map(|v| v.key().to_owned()) empty="不指定" />
        }
        .into_any(),
        ImportKind::Applications => view! {
            <Select name="recommender" label="推荐单位" choices=choices(Recommender::ALL, Recommender::key) value=whole.recommender.map(|v| v.key().to_owned()) empty="不指定" />
        }
        .into_any(),
        ImportKind::Tasks => ().into_any(),
    };
    Some(
        view! {
            <Card title="文件没有的列" hint="为整份文件指定；文件有此列的，以文件为准">
                <form method="get" class="form">
                    {fields}
                    <FormActions>
                        <Button>"按此重新核对"</Button>
                    </FormActions>
                </form>
            </Card>
        }
        .into_any(),
    )
}

fn choices<T: Copy + std::fmt::Display>(all: &[T], key: impl Fn(T) -> &'static str) -> Vec<Choice> {
    all.iter().map(|value| Choice::new(key(*value), value.to_string())).collect()
}
