use leptos::prelude::*;

use super::Text;

/// A page to project in the meeting room, without the shell.
#[component]
pub fn Board(
    #[prop(into)] title: String,
    #[prop(optional, into)] subtitle: Text,
    /// Time left, `1:42:10`.
    #[prop(optional, into)]
    clock: Text,
    /// A line at the foot: seed, commitment, document number.
    #[prop(optional, into)]
    footer: Text,
    children: Children,
) -> impl IntoView {
    view! {
        <main class="board" id="main">
            <header>
                <h1>{title}</h1>
                {subtitle.get().map(|words| view! { <span class="muted">{words}</span> })}
                {clock.get().map(|time| view! { <span class="clock" role="timer">{time}</span> })}
            </header>
            <div class="content">{children()}</div>
            {footer.get().map(|words| view! { <footer>{words}</footer> })}
        </main>
    }
}

/// One large figure; several stand in a `<div class="figures">`.
#[component]
pub fn Figure(
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    /// Smaller, behind the value: / 7.
    #[prop(optional, into)]
    of: Text,
) -> impl IntoView {
    view! {
        <div class="figure">
            <div class="label">{label}</div>
            <div class="value">{value} {of.get().map(|words| view! { <small>" " {words}</small> })}</div>
        </div>
    }
}

/// The state of a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeatState {
    /// Signed in, or drawn and confirmed.
    Ready,
    Waiting,
    /// Not there yet, or seat still empty.
    Away,
    /// Recused or passed over.
    Barred,
}

/// A seat at the table: who sits there and what happened.
#[derive(Clone, Debug)]
pub struct Seat {
    pub seat: String,
    pub name: String,
    pub state: SeatState,
    /// 已签到并承诺, 落选：三年内任职.
    pub words: String,
}

/// Seats of a panel, for sign-in and for the draw.
#[component]
pub fn Seats(seats: Vec<Seat>) -> impl IntoView {
    let seats = seats
        .into_iter()
        .map(|seat| {
            let (class, glyph) = match seat.state {
                SeatState::Ready => ("ready", "✓"),
                SeatState::Waiting => ("waiting", "○"),
                SeatState::Away => ("away", "…"),
                SeatState::Barred => ("barred", "╱"),
            };
            view! {
                <li class=class>
                    <span class="seat">{seat.seat}</span>
                    <b>{seat.name}</b>
                    <span class="state"><span aria-hidden="true">{glyph} " "</span>{seat.words}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="seats">{seats}</ul> }
}
