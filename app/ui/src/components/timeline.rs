use chrono::{Datelike, NaiveDate};
use leptos::prelude::*;

use super::chart::{Canvas, Gutter, data_table, figure};
use super::format;

const ROW: u32 = 36;
const TOP: u32 = 40;

/// A post held somewhere; without an end it is held still.
#[derive(Clone, Debug)]
pub struct Post {
    pub unit: String,
    pub role: String,
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
}

/// Employment and posts over the years, with the look-back window drawn in: what reaches into it counts for recusal.
#[component]
pub fn Timeline(
    #[prop(into)] label: String,
    posts: Vec<Post>,
    /// Start of the look-back.
    since: NaiveDate,
    /// The day it is counted from, usually the review's.
    until: NaiveDate,
) -> impl IntoView {
    let count = u32::try_from(posts.len()).unwrap_or(0);
    let height = TOP + ROW * count + 4;
    let first = posts.iter().map(|post| post.from).chain([since]).min().unwrap_or(since).year();
    let years = Years { first, last: until.year() + 1 };
    let labels = (0..).zip(&posts).map(|(i, post)| {
        let y = TOP + ROW * i;
        view! {
            <text class="ink" x="0" y=(y + 15).to_string()>{post.unit.clone()}</text>
            <text x="0" y=(y + 29).to_string()>{post.role.clone()}</text>
        }
    });
    let shapes = (0..).zip(&posts).map(|(i, post)| {
        let end = post.to.unwrap_or(until);
        let class = if end >= since { "held" } else { "past" };
        let width = format!("{:.2}%", (years.share(end) - years.share(post.from)) * 100.0);
        view! {
            <rect class=class x=years.at(post.from) y=(TOP + ROW * i + 10).to_string() width=width height="14">
                <title>{span(post)}</title>
            </rect>
        }
    });
    let ticks = (years.first..=years.last).filter(|year| years.shows(*year)).map(|year| {
        let x = NaiveDate::from_ymd_opt(year, 1, 1).map(|day| years.at(day)).unwrap_or_default();
        view! {
            <line class="grid" x1=x.clone() x2=x.clone() y1=TOP.to_string() y2=height.to_string()></line>
            <text class="mid" x=x y=(TOP - 6).to_string()>{year.to_string()}</text>
        }
    });
    let window = format!("{:.2}%", (years.share(until) - years.share(since)) * 100.0);
    let lookback = format!("回溯期 {} 起", format::date(since));
    // Beside the line on whichever side has room.
    let (side, gap) = if years.share(since) > 0.4 { ("ink end", "-6") } else { ("ink", "6") };
    let plot = view! {
        <rect class="window" x=years.at(since) y="4" width=window height=(height - 4).to_string()></rect>
        {ticks.collect_view()}
        {shapes.collect_view()}
        <line class="ref" x1=years.at(since) x2=years.at(since) y1="4" y2=height.to_string()></line>
        <text class=side x=years.at(since) dx=gap y="15">{lookback}</text>
    };
    let gutter = Gutter::for_labels(posts.iter().map(|post| post.unit.as_str()));
    let canvas = Canvas { gutter, height, labels: labels.collect_view().into_any(), plot: plot.into_any() };
    let rows = posts.iter().map(|post| vec![post.unit.clone(), post.role.clone(), span(post), reach(post, since)]);
    let table = data_table(&label, &["单位", "职务", "起止", "回溯期"], rows.collect());
    figure(label, canvas, legend(), table)
}

#[derive(Clone, Copy)]
struct Years {
    first: i32,
    last: i32,
}

impl Years {
    fn share(self, day: NaiveDate) -> f64 {
        let passed = f64::from(day.year() - self.first) + f64::from(day.ordinal0()) / 366.0;
        (passed / f64::from(self.last - self.first)).clamp(0.0, 1.0)
    }

    fn at(self, day: NaiveDate) -> String {
        format!("{:.2}%", self.share(day) * 100.0)
    }

    /// Every year up to twelve, then every second, then every fifth.
    const fn shows(self, year: i32) -> bool {
        match self.last - self.first {
            0..=12 => true,
            13..=24 => year % 2 == 0,
            _ => year % 5 == 0,
        }
    }
}

fn span(post: &Post) -> String {
    let end = post.to.map_or_else(|| "至今".to_owned(), format::month);
    format!("{}—{end}", format::month(post.from))
}

fn reach(post: &Post, since: NaiveDate) -> String {
    let within = post.to.is_none_or(|end| end >= since);
    if within { "期内" } else { "期外" }.to_owned()
}

fn legend() -> AnyView {
    view! {
        <div class="legend">
            <span><span class="swatch">"回溯期"</span></span>
            <span>"深色：回溯期内任职，须回避　浅色：已过回溯期"</span>
        </div>
    }
    .into_any()
}
