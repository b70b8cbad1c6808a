//! 帮助: the manual, page by page.

use crate::components::{Card, CardBody, LinkButton, PageHead};
use crate::frame::{Page, page};
use crate::routes;
use leptos::prelude::*;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use service::Error;

macro_rules! chapters {
    ($($key:literal),+ $(,)?) => {
        /// Every page of the manual: its key in addresses and its text.
        const CHAPTERS: &[(&str, &str)] =
            &[$(($key, include_str!(concat!("../../../docs/manual/", $key, ".md")))),+];
    };
}

chapters![
    "account",
    "application",
    "approach",
    "audit",
    "calibration",
    "commands",
    "conflict",
    "consent",
    "decision",
    "draw",
    "expert",
    "export",
    "finding",
    "import",
    "panel",
    "programme",
    "ranking",
    "region",
    "round",
    "scoring",
    "session",
];

const CONTENTS: &str = include_str!("../../../docs/manual/README.md");

#[component]
pub fn ContentsPage() -> AnyView {
    page(|_| async { Ok(chapter(CONTENTS, false)) })
}

#[component]
pub fn ChapterPage() -> AnyView {
    let key = leptos_router::hooks::use_params_map().with_untracked(|map| map.get("chapter")).unwrap_or_default();
    page(move |_| async move {
        let (_, text) = CHAPTERS.iter().find(|(own, _)| *own == key).ok_or(Error::NotFound)?;
        Ok(chapter(text, true))
    })
}

fn chapter(text: &'static str, back: bool) -> Page {
    let (title, body) = rendered(text);
    let to_contents = move || back.then(|| view! { <LinkButton href=routes::HELP>"手册目录"</LinkButton> });
    Page::new(
        format!("帮助：{title}"),
        view! {
            <PageHead title=title actions=to_contents />
            <Card body=CardBody::Padded>
                <article class="prose" inner_html=body></article>
            </Card>
        },
    )
}

/// The title, and the rest as HTML; links to other chapters lead to their pages.
fn rendered(text: &str) -> (String, String) {
    let mut title = String::new();
    let mut in_title = false;
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => {
            in_title = true;
            None
        }
        Event::End(TagEnd::Heading(HeadingLevel::H1)) => {
            in_title = false;
            None
        }
        Event::Text(words) if in_title => {
            title.push_str(&words);
            None
        }
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            Some(Event::Start(Tag::Link { link_type, dest_url: address(dest_url), title, id }))
        }
        other => Some(other),
    });
    let mut body = String::new();
    html::push_html(&mut body, events);
    (title, body)
}

fn address(link: CowStr<'_>) -> CowStr<'_> {
    match link.strip_suffix(".md") {
        Some("README") => routes::HELP.to_owned().into(),
        Some(chapter) => routes::help(chapter).into(),
        None => link,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_of_the_manual_leads_to_a_chapter() {
        let texts = CHAPTERS.iter().map(|(_, text)| *text).chain([CONTENTS]);
        for text in texts {
            let (title, body) = rendered(text);
            assert!(!title.is_empty());
            for link in body.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
                let known = |(key, _): &(&str, &str)| routes::help(key) == link;
                assert!(link == routes::HELP || CHAPTERS.iter().any(known), "{title}: {link}");
            }
        }
        for (_, chapter) in crate::chapter::ABOUT {
            assert!(CHAPTERS.iter().any(|(key, _)| key == chapter), "{chapter}");
        }
    }
}
