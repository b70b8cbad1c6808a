//! No form sends something away that cannot be brought back when a person presses Enter in one of its fields.

use domain::round::RoundKind;
use server::http::access::{PAGES, routes};
use store::Store;
use tests::stage::{Stage, demonstration};

/// Server functions that take something away.
const TAKING_AWAY: [&str; 7] = [
    "declare_recusal",
    "void_sheet",
    "void_draw",
    "leave_seat",
    "clear_bridges",
    "set_account_state",
    "carry_out_renewal",
];

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

/// The tags of one name in a piece of a page, from `<` to `>`.
fn tags<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    html.split(&format!("<{name}")).skip(1).filter_map(|rest| rest.split('>').next()).collect()
}

fn forms(html: &str) -> Vec<&str> {
    html.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next()).collect()
}

/// Whether Enter in a field of the form takes something away: its first button that sends is the one that does.
fn takes_away_by_default(form: &str) -> bool {
    let typed_in = tags(form, "input").iter().any(|tag| {
        let kind = attribute(tag, "type").unwrap_or("text");
        !matches!(kind, "hidden" | "submit" | "button")
    });
    let sends = |tag: &&&str| attribute(tag, "type").unwrap_or("submit") == "submit";
    let buttons = tags(form, "button");
    let Some(first) = buttons.iter().find(sends) else { return false };
    if first.contains(" disabled") || !typed_in {
        return false;
    }
    let action = attribute(form, "action").unwrap_or_default();
    let target = attribute(first, "formaction").unwrap_or(action);
    let dangerous = attribute(first, "class").is_some_and(|class| class.split(' ').any(|word| word == "danger"));
    dangerous || TAKING_AWAY.iter().any(|function| target.ends_with(&format!("/{function}")))
}

#[test]
fn the_default_button_is_found() {
    let danger = r#"<button class="btn danger" type="submit">删除</button>"#;
    let form = |inner: &str| format!(r#" method="post" action="/api/x">{inner}"#);
    assert!(takes_away_by_default(&form(&format!(r#"<input name="reason">{danger}"#))));
    assert!(!takes_away_by_default(&form(&format!(r#"<input type="hidden" name="id">{danger}"#))));
    assert!(!takes_away_by_default(&form(&format!(
        r#"<input name="a"><button type="submit" disabled hidden></button>{danger}"#
    ))));
    assert!(!takes_away_by_default(&form(&format!(r#"<input name="a"><button type="submit">保存</button>{danger}"#))));
    let plain = r#" method="post" action="/api/void_sheet"><input name="reason"><button type="submit">作废</button>"#;
    assert!(takes_away_by_default(plain));
}

#[tokio::test]
async fn no_form_takes_something_away_by_enter() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    store.migrate().await.unwrap();
    let accounts = demonstration(&store, 1).await;
    let (mut offenders, mut seen) = (Vec::new(), 0);
    for kind in [RoundKind::Selection, RoundKind::Acceptance] {
        let stage = Stage::over(store.clone(), &accounts, kind).await;
        for route in routes().into_iter().filter(|route| PAGES.iter().any(|(path, _)| *path == route.path)) {
            let access = route.access.unwrap();
            for (role, token) in stage.tokens.iter().filter(|(role, _)| access.allows(**role)) {
                let page = stage.ask(&route, Some(token)).await.text();
                for form in forms(&page) {
                    seen += 1;
                    if takes_away_by_default(form) {
                        offenders.push(format!(
                            "{} as {role}: {}",
                            route.path,
                            form.chars().take(200).collect::<String>()
                        ));
                    }
                }
            }
        }
    }
    assert!(offenders.is_empty(), "{}", offenders.join("\n"));
    assert!(seen > 200, "{seen} forms");
}
