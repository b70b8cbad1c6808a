//! What the page shows while one types: total, sums of the dimensions, bands, and the items the server refused.

use super::Keeper;
use super::fields::nodes;
use domain::points::Points;
use domain::rubric::{Band, Criterion, Scoring, total};
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

pub fn all(keeper: &Keeper) {
    let typed = keeper.settled.borrow();
    let plan = &keeper.plan;
    let mut scores = plan.shared.clone();
    for criterion in plan.criteria.iter().filter(|c| c.scoring == Scoring::Subjective) {
        let points = typed.get(&criterion.code).and_then(|text| Points::parse(text).ok());
        if let Some(points) = points.filter(|p| *p >= Points::ZERO && *p <= criterion.full) {
            scores.insert(criterion.code.clone(), points);
        }
        band(keeper, criterion, scores.get(&criterion.code).copied());
    }
    let words = if let Some(total) = total(plan.criteria.iter(), plan.full, &scores) {
        total.rounded().to_string()
    } else {
        let sum: Points = plan.criteria.iter().filter_map(|c| scores.get(&c.code).copied()).sum();
        format!("{sum} 未完")
    };
    set_text(keeper.form.query_selector("output.total").ok().flatten().as_ref(), &words);
    for group in nodes(&keeper.form, "fieldset[data-group]") {
        let prefix = group.get_attribute("data-group").unwrap_or_default();
        let of_group = plan.criteria.iter().filter(|c| c.code.starts_with(&prefix));
        let sum: Points = of_group.filter_map(|c| scores.get(&c.code).copied()).sum();
        set_text(group.query_selector("legend output").ok().flatten().as_ref(), &sum.to_string());
    }
}

fn item(keeper: &Keeper, code: &str) -> Option<Element> {
    keeper.form.query_selector(&format!("[data-item=\"{code}\"]")).ok().flatten()
}

fn band(keeper: &Keeper, criterion: &Criterion, points: Option<Points>) {
    let Some(item) = item(keeper, &criterion.code) else { return };
    let band = points.map(|p| criterion.band(p));
    for (element, of) in nodes(&item, ".bands li").into_iter().zip(Band::ALL) {
        let _ = element.class_list().toggle_with_force("on", band == Some(*of));
    }
    // Full marks and less than six tenths need a reason: open the place where it is written.
    if points.is_some_and(|p| criterion.needs_reason(p))
        && let Some(details) = item.query_selector("details").ok().flatten()
    {
        let _ = details.set_attribute("open", "");
        set_text(details.query_selector("summary").ok().flatten().as_ref(), "评分标准与理由（须写理由）");
    }
}

fn set_text(element: Option<&Element>, words: &str) {
    if let Some(element) = element {
        element.set_text_content(Some(words));
    }
}

/// Marks the items the server refused, each with its words.
pub fn mark_wrong(keeper: &Keeper, items: &[(String, String)]) {
    for element in nodes(&keeper.form, "[data-item]") {
        let code = element.get_attribute("data-item").unwrap_or_default();
        let problem = items.iter().find(|(item, _)| *item == code).map(|(_, problem)| problem.as_str());
        let _ = element.class_list().toggle_with_force("wrong", problem.is_some());
        if let Some(old) = element.query_selector(":scope > .error").ok().flatten() {
            old.remove();
        }
        let Some(input) = element.query_selector("input").ok().flatten() else { continue };
        let _ = input.set_attribute("aria-invalid", if problem.is_some() { "true" } else { "false" });
        if let Some(problem) = problem
            && let Ok(words) = leptos::prelude::document().create_element("p")
        {
            words.set_class_name("error");
            words.set_text_content(Some(problem));
            let _ = input.insert_adjacent_element("afterend", &words);
        }
    }
}

/// Opens the page at the first item that is wrong.
pub fn go_to_wrong(keeper: &Keeper) {
    let input = keeper.form.query_selector(".item.wrong input").ok().flatten();
    if let Some(input) = input.and_then(|input| input.dyn_into::<HtmlElement>().ok()) {
        let _ = input.focus();
    }
}
