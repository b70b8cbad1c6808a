//! 指标完成情况表: targets of the task, what was reached, and the rate that follows.

use super::editing::Editing;
use crate::components::{Table, Tag, Text, Tone, num, problem, text, typed};
use crate::request::id;
use domain::acceptance::{Rate, Results, completion};
use domain::application::{Direction, Indicator, Task, Weighting};
use domain::ids::IndicatorId;
use domain::quantity::show_thousandths;
use leptos::prelude::*;
use service::Error;

/// The key of an indicator in a form: the reader of forms takes keys that begin with a digit for places in a list.
pub fn indicator_key(id: IndicatorId) -> String {
    format!("i{id}")
}

/// The indicator that a form's key names.
///
/// # Errors
/// `NotFound` if it names none.
pub fn indicator(key: &str) -> Result<IndicatorId, Error> {
    id(key.strip_prefix('i').ok_or(Error::NotFound)?)
}

/// The degrees of a qualitative indicator, in the form's units.
const DEGREES: [(&str, &str, i64); 3] = [("1", "完成", 1000), ("0.5", "部分", 500), ("0", "未完成", 0)];

pub fn table(task: &Task, results: &Results, editing: Editing) -> AnyView {
    let rows = (1..)
        .zip(&task.indicators)
        .map(|(number, indicator)| row(number, indicator, results.get(&indicator.id).copied(), editing))
        .collect_view();
    view! {
        <Table
            label="指标完成情况表"
            class="middle"
            columns=[
                num("序号"), text("类别"), text("指标名称"), text("单位"), num("目标值"), text("方向"), text("实际完成值"), num("完成率"),
                text("是否核心"),
            ]
        >
            <tbody>{rows}</tbody>
        </Table>
    }
    .into_any()
}

fn row(number: usize, indicator: &Indicator, actual: Option<i64>, editing: Editing) -> AnyView {
    let qualitative = indicator.direction == Direction::Qualitative;
    let target = if qualitative { "完成".to_owned() } else { show_thousandths(indicator.target) };
    let core = (indicator.weighting == Weighting::Core).then(|| view! { <Tag label="核心" tone=Tone::Accent /> });
    view! {
        <tr>
            <td class="n">{number}</td>
            <td class="nowrap">{indicator.kind.label()}</td>
            <th scope="row" class="wrap">{indicator.name.clone()}</th>
            <td class="nowrap">{indicator.unit.clone()}</td>
            <td class="n">{target}</td>
            <td class="nowrap">{indicator.direction.label()}</td>
            <td>{reached(indicator, actual, editing)}</td>
            <td class="n">{rate(indicator, actual)}</td>
            <td>{core}</td>
        </tr>
    }
    .into_any()
}

/// The rate of what is saved, with a word where it falls short.
fn rate(indicator: &Indicator, actual: Option<i64>) -> AnyView {
    let Some(rate) = actual.map(|actual| completion(indicator, actual)) else {
        return view! { <span class="muted">"未填"</span> }.into_any();
    };
    let short = (rate < Rate::FULL).then(|| view! { <small class="warn">" ▲ 未达成"</small> });
    view! { {rate.to_string()} {short} }.into_any()
}

fn reached(indicator: &Indicator, actual: Option<i64>, editing: Editing) -> AnyView {
    let qualitative = indicator.direction == Direction::Qualitative;
    let degree = |value: i64| DEGREES.iter().find(|(.., v)| *v == value);
    if editing != Editing::Open {
        let words = match actual {
            None => "—".to_owned(),
            Some(value) if qualitative => degree(value).map_or("—", |(_, label, _)| *label).to_owned(),
            Some(value) => show_thousandths(value),
        };
        return view! { <span class="tnum">{words}</span> }.into_any();
    }
    let key = indicator_key(indicator.id);
    let name = format!("actual[{key}]");
    let label = format!("{} 实际完成值", indicator.name);
    let stored = actual.map(|value| match degree(value) {
        Some((degree, ..)) if qualitative => (*degree).to_owned(),
        _ => show_thousandths(value),
    });
    let value = typed(&name, stored.into());
    let problem = problem(&name, Text::none());
    let invalid = problem.is_some().then_some("true");
    let problem = problem.get().map(|words| view! { <p class="error">{words}</p> });
    if !qualitative {
        return view! {
            <input class="input n actual" inputmode="decimal" autocomplete="off" name=name value=value.get() aria-label=label aria-invalid=invalid />
            {problem}
        }
        .into_any();
    }
    let options = DEGREES
        .iter()
        .map(|(degree, label, _)| {
            view! { <option value=*degree selected=value.as_deref() == Some(*degree)>{*label}</option> }
        })
        .collect_view();
    view! {
        <select class="input actual" name=name aria-label=label>
            <option value="">"未填"</option>
            {options}
        </select>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indicator_keys_are_read_back() {
        let own = IndicatorId(uuid::Uuid::from_u128(7));
        assert_eq!(indicator(&indicator_key(own)).ok(), Some(own));
        assert!(indicator("7").is_err());
    }
}
