//! The design system: server-rendered components on native elements, styled by `style/`.
//!
//! Every component works without JavaScript. State is carried by a word and a shape as well as a colour.
#![expect(clippy::needless_pass_by_value, reason = "props are owned, as the view macro hands them over")]

mod alert;
mod board;
mod button;
mod card;
pub(crate) mod chart;
mod checklist;
mod choice;
mod column;
mod confirm;
mod desk;
mod empty;
mod field;
mod field_frame;
mod file;
mod filter;
mod form;
pub mod format;
#[cfg(feature = "gallery")]
pub mod gallery;
mod head;
mod key_value;
mod matrix;
mod nav;
mod pager;
mod progress;
mod query;
mod raw_text;
mod score_item;
mod select;
mod shell;
mod stepper;
mod table;
mod tabs;
mod tag;
mod text;
mod timeline;

pub use alert::{Alert, AlertKind, Flash};
pub use board::{Board, Figure, Seat, SeatState, Seats};
pub use button::{Button, ButtonKind, ButtonSize, ButtonTone, LinkButton, Use};
pub use card::{Card, CardBody};
pub use chart::{Bar, BarChart, BoxPlot, IntervalPlot, IntervalRow, PanelSpread, Quota, Ruler, Zone};
pub use checklist::{Checklist, Gate, GateItem};
pub use choice::{Checkbox, Choice, ChoiceLayout, RadioGroup, Ticked};
pub use column::{Column, head, num, text, unseen};
pub use confirm::Confirm;
pub use desk::{Desk, DeskEntry, DeskList, DeskTotal, EntryState, Saved};
pub use empty::{EmptyState, ErrorPanel};
pub use field::{Field, InputKind, TextArea, Writing};
pub use field_frame::{FieldWidth, Need};
pub use file::{FileCount, FileField, FormActions};
pub use filter::FilterBar;
pub use form::{Form, FormState, bring_back, came_back, problem, refilled, typed};
#[cfg(feature = "gallery")]
pub use gallery::Gallery;
pub use head::PageHead;
pub use key_value::{KeyValue, KeyValues, KeyValuesLayout};
pub use matrix::{Axis, Legend, Mark, MarkState, Matrix};
pub use nav::{NavGroup, NavItem};
pub use pager::Pager;
pub use progress::ProgressBar;
pub use query::{Direction, Query, percent_encode};
pub use raw_text::raw_text;
pub use score_item::{Band, ScoreEntry, ScoreGroup, ScoreItem};
pub use select::Select;
pub use shell::{Account, Frame, Paper, RoundMark, Shell};
pub use stepper::{Step, StepState, Stepper};
pub use table::{Fit, Table};
pub use tabs::{Tab, Tabs, TabsLook};
pub use tag::{Tag, Tone};
pub use text::Text;
pub use timeline::{Post, Timeline};
