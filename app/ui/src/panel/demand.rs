//! The composition of a panel as a form asks for it: names, labels and values of its controls.

use crate::components::Query;
use crate::request::{FormError, number};
use crate::routes::Round;
use domain::ids::RoundId;
use service::assignment::{Control, Demand};

/// The composition as it stands in the address, or the usual one.
pub fn demand(query: &Query) -> Result<Demand, FormError> {
    let usual = Demand::default();
    let typed =
        |control: Control, usual: u32| query.get(name(control)).map_or(Ok(usual), |text| number(text, label(control)));
    Ok(Demand {
        technical: typed(Control::Technical, usual.technical)?,
        finance: typed(Control::Finance, usual.finance)?,
        management: typed(Control::Management, usual.management)?,
        employer_cap: typed(Control::EmployerCap, usual.employer_cap)?,
        recusals: typed(Control::Recusals, usual.recusals)?,
    })
}

/// Under which name a control is sent.
pub const fn name(control: Control) -> &'static str {
    match control {
        Control::Technical => "technical",
        Control::Finance => "finance",
        Control::Management => "management",
        Control::EmployerCap => "employer_cap",
        Control::Recusals => "recusals",
    }
}

pub const fn label(control: Control) -> &'static str {
    match control {
        Control::Technical => "技术专家人数",
        Control::Finance => "财务专家人数",
        Control::Management => "产业/管理专家人数",
        Control::EmployerCap => "同一单位上限",
        Control::Recusals => "允许个别项目回避数",
    }
}

/// The form's page with another demand typed in.
pub fn page_with(round: RoundId, demand: &Demand) -> Query {
    let mut query = Query::new(Round(round).draw());
    for control in Control::ALL {
        query = query.with(name(control), value(demand, control).to_string());
    }
    query
}

pub const fn value(demand: &Demand, control: Control) -> u32 {
    match control {
        Control::Technical => demand.technical,
        Control::Finance => demand.finance,
        Control::Management => demand.management,
        Control::EmployerCap => demand.employer_cap,
        Control::Recusals => demand.recusals,
    }
}
