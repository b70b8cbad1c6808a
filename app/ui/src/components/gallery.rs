//! Every component in every state, with invented data: for designers, reviewers and visual tests.

mod data;
mod feedback;
pub mod figures;
mod forms;
mod frame;
pub mod review;

use leptos::prelude::*;

use super::PageHead;

/// All components on one page.
#[component]
pub fn Gallery() -> impl IntoView {
    view! {
        <PageHead
            title="组件一览"
            eyebrow="设计系统"
            lede=|| "每个组件的每种状态；数据均为虚构"
        />
        {frame::section()}
        {forms::section()}
        {data::section()}
        {feedback::section()}
        {review::section()}
        {figures::section()}
    }
}
