//! The pages and their addresses.

use crate::components::ErrorPanel;
use crate::request::set_status;
use crate::{
    account, application, approach, audit, calibration, conflict, consent, draw, expert, export, finding, frame, help,
    import,
};
use crate::{panel, programme, ranking, region, round, scoring, session, wait, workbench};
use axum::http::StatusCode;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{MatchNestedRoutes, SsrMode, path};

/// Every page renders whole before it is sent: its status and cookies depend on what is in it.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=Missing>
                <Route path=path!("/") view=workbench::Workbench ssr=SsrMode::Async />
                <Route path=path!("/wait") view=wait::WaitPage ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=account::SignInPage ssr=SsrMode::Async />
                <Route path=path!("/set-up") view=account::SetUpPage ssr=SsrMode::Async />
                <Route path=path!("/invitation") view=account::InvitationPage ssr=SsrMode::Async />
                <Route path=path!("/password") view=account::PasswordPage ssr=SsrMode::Async />
                <Route path=path!("/second-factor") view=account::SecondFactorPage ssr=SsrMode::Async />
                <Route path=path!("/second-factor/enrol") view=account::EnrolPage ssr=SsrMode::Async />
                <Route path=path!("/sessions") view=account::BrowserSessionsPage ssr=SsrMode::Async />
                <Route path=path!("/second-factor/keys") view=account::KeysPage ssr=SsrMode::Async />
                <Route path=path!("/accounts") view=account::AccountsPage ssr=SsrMode::Async />
                <Route path=path!("/accounts/:account/renewal") view=account::RenewalPage ssr=SsrMode::Async />
                <Route path=path!("/roles") view=account::RolesPage ssr=SsrMode::Async />
                <Route path=path!("/region") view=region::RegionPage ssr=SsrMode::Async />
                <Route path=path!("/approaches") view=approach::ApproachPage ssr=SsrMode::Async />
                <Route path=path!("/audit") view=audit::AuditPage ssr=SsrMode::Async />
                <Route path=path!("/help") view=help::ContentsPage ssr=SsrMode::Async />
                <Route path=path!("/help/:chapter") view=help::ChapterPage ssr=SsrMode::Async />
                <Route path=path!("/batches") view=programme::BatchesPage ssr=SsrMode::Async />
                <Route path=path!("/batches/:batch") view=programme::BatchPage ssr=SsrMode::Async />
                <Route path=path!("/experts") view=expert::ExpertsPage ssr=SsrMode::Async />
                <Route path=path!("/experts/doubles") view=expert::DoublesPage ssr=SsrMode::Async />
                <Route path=path!("/experts/:expert") view=expert::ExpertPage ssr=SsrMode::Async />
                <Route path=path!("/imports/new/:kind") view=import::UploadPage ssr=SsrMode::Async />
                <Route path=path!("/imports/:import") view=import::DryRunPage ssr=SsrMode::Async />
                <Route path=path!("/desk") view=scoring::desk::DesksPage ssr=SsrMode::Async />
                <Route path=path!("/desk/:sheet") view=scoring::desk::SheetPage ssr=SsrMode::Async />
                <Route path=path!("/desk/:sheet/recusal") view=scoring::desk::RecusalPage ssr=SsrMode::Async />
                <Route path=path!("/rounds/:round") view=round::OverviewPage ssr=SsrMode::Async />
                <Route path=path!("/rounds/:round/terms") view=round::TermsPage ssr=SsrMode::Async />
                <Route path=path!("/rounds/:round/applications") view=application::ListPage ssr=SsrMode::Async />
                <Route path=path!("/rounds/:round/applications/:application") view=application::DetailPage ssr=SsrMode::Async />
                <Route path=path!("/rounds/:round/conflicts") view=conflict::ConflictsPage ssr=SsrMode::Async />
                <Route path=path!("/rounds/:round/consents") view=consent::ConsentsPage ssr=SsrMode::Async />
                <Route path=path!("/rounds/:round/panels") view=panel::PanelsPage ssr=SsrMode::Async />
                <Route path=path!("/rounds/:round/bridging") view=panel::BridgingPage ssr=SsrMode::Async />
                <Route path=path!("/rounds/:round/draw") view=draw::DrawPage ssr=SsrMode::Async />
                <Route path=path!("/rounds/:round/draw/board") view=draw::CeremonyPage ssr=SsrMode::Async />
                <Route path=path!("/rounds/:round/session") view=session::SessionPage ssr=SsrMode::Async />
                <Route path=path!("/rounds/:round/findings") view=finding::FindingsPage ssr=SsrMode::Async />
                <Route path=path!("/rounds/:round/findings/:application") view=finding::FindingPage ssr=SsrMode::Async />
                <Route path=path!("/rounds/:round/board") view=scoring::BoardPage ssr=SsrMode::Async />
                <Route path=path!("/rounds/:round/calibration") view=calibration::CalibrationPage ssr=SsrMode::Async />
                <Route path=path!("/rounds/:round/ranking") view=ranking::RankingPage ssr=SsrMode::Async />
                <Route path=path!("/rounds/:round/ranking/sensitivity") view=ranking::SensitivityPage ssr=SsrMode::Async />
                <Route path=path!("/rounds/:round/ranking/weights") view=ranking::WeightsPage ssr=SsrMode::Async />
                <Route path=path!("/rounds/:round/exports") view=export::ExportsPage ssr=SsrMode::Async />
                <Rest />
            </Routes>
        </Router>
    }
}

#[component]
fn Missing() -> impl IntoView {
    set_status(StatusCode::NOT_FOUND);
    frame::open_page(|| async {
        Ok(frame::Page::new(
            "没有这个页面",
            view! { <ErrorPanel title="没有这个页面" what_happened="地址不存在，或已变更" what_to_do="请从工作台重新进入" /> },
        ))
    })
}

/// Every other address.
#[cfg(not(feature = "gallery"))]
#[component(transparent)]
fn Rest() -> impl MatchNestedRoutes + Clone {
    view! { <Route path=path!("/*any") view=Missing ssr=SsrMode::Async /> }.into_inner()
}

/// The gallery, and every other address.
#[cfg(feature = "gallery")]
#[component(transparent)]
fn Rest() -> impl MatchNestedRoutes + Clone {
    view! {
        <Route path=path!("/_gallery") view=GalleryPage ssr=SsrMode::Async />
        <Route path=path!("/*any") view=Missing ssr=SsrMode::Async />
    }
    .into_inner()
}

/// All components in every state.
#[cfg(feature = "gallery")]
#[component]
fn GalleryPage() -> AnyView {
    frame::open_page(|| async { Ok(frame::Page::new("组件一览", view! { <crate::components::Gallery /> })) })
}
