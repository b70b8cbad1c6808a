//! Prints one page of the design system as static HTML, so that it can be looked at without a server:
//!
//! `cargo run -p ui --features ssr --example gallery -- overview > overview.html`
//!
//! Pages: gallery, overview, matrix, desk, ranking, board, login. The style sheet is linked by its path in this checkout.

mod desk;
mod matrix;
mod overview;
mod ranking;
mod small;

use leptos::prelude::*;
use ui::components::{Account, Frame, Gallery, NavGroup, NavItem, RoundMark, Shell, Tone};

const STYLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../style/main.css");

fn main() {
    let page = std::env::args().nth(1).unwrap_or_else(|| "gallery".to_owned());
    let owner = Owner::new();
    let body = owner.with(|| match page.as_str() {
        "overview" => overview::page().to_html(),
        "matrix" => matrix::page().to_html(),
        "desk" => desk::page().to_html(),
        "ranking" => ranking::page().to_html(),
        "board" => small::board().to_html(),
        "login" => small::login().to_html(),
        _ => gallery().to_html(),
    });
    println!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{page}</title>\
         <link rel=\"stylesheet\" href=\"file://{STYLE}\"></head><body>{body}</body></html>"
    );
}

fn gallery() -> AnyView {
    view! {
        <Shell here="/gallery" groups=places() round=round("独立评分") account=account("省工信厅 · 协调员")>
            <Gallery />
        </Shell>
    }
    .into_any()
}

fn places() -> Vec<NavGroup> {
    vec![
        NavGroup::new("", vec![NavItem::new("工作台", "/").count(3)]),
        NavGroup::new(
            "本轮",
            vec![
                NavItem::new("总览", "/round"),
                NavItem::new("申报项目", "/applications").count(120),
                NavItem::new("专家", "/experts").count(70),
                NavItem::new("回避", "/conflicts").count(214),
                NavItem::new("分组与抽取", "/panels"),
                NavItem::new("评审会", "/session"),
                NavItem::new("校准与排序", "/ranking"),
                NavItem::new("入围与会签", "/decision"),
            ],
        ),
        NavGroup::new(
            "输出",
            vec![
                NavItem::new("导出中心", "/exports"),
                NavItem::new("归档核验", "/archive"),
                NavItem::new("审计", "/audit"),
            ],
        ),
    ]
}

fn round(state: &str) -> RoundMark {
    RoundMark {
        name: "2025年度揭榜 · 单位遴选".to_owned(),
        href: "/round".to_owned(),
        state: state.to_owned(),
        tone: Tone::Good,
    }
}

fn account(label: &str) -> Account {
    Account {
        label: label.to_owned(),
        sign_out: "/sign-out".to_owned(),
        hidden: vec![("token".to_owned(), "example".to_owned())],
    }
}

fn frame(here: &str, state: &str, who: &str, content: AnyView) -> AnyView {
    view! {
        <Shell
            here=here
            frame=Frame::Page
            groups=places()
            round=round(state)
            account=account(who)
        >
            {content}
        </Shell>
    }
    .into_any()
}
