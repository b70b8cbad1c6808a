//! Every address of the program, with what it takes to use it: the permission matrix as data. What is not declared here fails the tests,
//! which also walk every address as every role.

use axum::http::Method;
use domain::access::{Permission, Role};
use domain::consent::Act;
use leptos::server_fn::axum::server_fn_paths;
use leptos_axum::generate_route_list;
use std::collections::BTreeSet;
use std::fmt::Write;
use ui::app::App as Pages;

/// The needs of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nothing.
    Open,
    /// An account; the answer is about the caller alone.
    Own,
    /// A permission.
    Needs(Permission),
}

impl Access {
    pub const fn allows(self, role: Role) -> bool {
        match self {
            Self::Open | Self::Own => true,
            Self::Needs(permission) => role.may(permission),
        }
    }
}

use Access::{Needs, Open, Own};
use Permission as P;

/// Pages, by their address.
pub const PAGES: &[(&str, Access)] = &[
    ("/", Own),
    ("/sign-in", Open),
    ("/wait", Open),
    ("/set-up", Open),
    ("/invitation", Open),
    ("/password", Own),
    ("/second-factor", Own),
    ("/second-factor/enrol", Own),
    ("/second-factor/keys", Own),
    ("/sessions", Own),
    // A form for everybody; the register only with ReadApproaches.
    ("/approaches", Own),
    ("/help", Own),
    ("/help/{chapter}", Own),
    ("/accounts", Needs(P::ManageAccounts)),
    ("/accounts/{account}/renewal", Needs(P::ManageAccounts)),
    ("/roles", Needs(P::GrantRoles)),
    ("/region", Needs(P::ReadOwnRegion)),
    ("/audit", Needs(P::ReadAudit)),
    ("/batches", Needs(P::ReadRound)),
    ("/batches/{batch}", Needs(P::ReadRound)),
    ("/experts", Needs(P::ReadExperts)),
    ("/experts/doubles", Needs(P::ReadExperts)),
    ("/experts/{expert}", Needs(P::ReadExperts)),
    ("/imports/new/{kind}", Needs(P::ImportData)),
    ("/imports/{import}", Needs(P::ImportData)),
    ("/desk", Needs(P::Score)),
    ("/desk/{sheet}", Needs(P::Score)),
    ("/desk/{sheet}/recusal", Needs(P::Score)),
    ("/rounds/{round}", Needs(P::ReadProgress)),
    ("/rounds/{round}/terms", Needs(P::ReadRound)),
    ("/rounds/{round}/applications", Needs(P::ReadRound)),
    ("/rounds/{round}/applications/{application}", Needs(P::ReadRound)),
    ("/rounds/{round}/conflicts", Needs(P::ReadConflicts)),
    ("/rounds/{round}/consents", Needs(P::ReadRound)),
    ("/rounds/{round}/panels", Needs(P::ReadRound)),
    ("/rounds/{round}/bridging", Needs(P::ReadProgress)),
    ("/rounds/{round}/draw", Needs(P::ReadProgress)),
    ("/rounds/{round}/draw/board", Needs(P::ReadProgress)),
    ("/rounds/{round}/session", Needs(P::ReadProgress)),
    ("/rounds/{round}/findings", Needs(P::ReadScores)),
    ("/rounds/{round}/findings/{application}", Needs(P::ReadScores)),
    ("/rounds/{round}/board", Needs(P::ReadProgress)),
    ("/rounds/{round}/calibration", Needs(P::ReadResults)),
    ("/rounds/{round}/ranking", Needs(P::ReadResults)),
    ("/rounds/{round}/ranking/sensitivity", Needs(P::ReadResults)),
    ("/rounds/{round}/ranking/weights", Needs(P::ReadResults)),
    ("/rounds/{round}/exports", Needs(P::Export)),
    // Shows components and nothing of anybody.
    #[cfg(feature = "gallery")]
    ("/_gallery", Open),
    // Whatever has no address of its own is answered with 404.
    ("/{*any}", Open),
];

/// Server functions, by the last part of their address.
pub const FUNCTIONS: &[(&str, Access)] = &[
    ("sign_in", Open),
    ("sign_out", Open),
    ("set_up", Open),
    ("accept_invitation", Open),
    ("change_password", Own),
    ("pass_second_factor", Own),
    ("begin_second_factor", Own),
    ("confirm_second_factor", Own),
    ("pass_with_key", Own),
    ("register_key", Own),
    ("remove_key", Own),
    ("end_sessions", Own),
    ("stay_signed_in", Own),
    ("report_approach", Own),
    ("create_account", Needs(P::ManageAccounts)),
    ("ask_renewal", Needs(P::ManageAccounts)),
    ("agree_renewal", Needs(P::ReviewRenewals)),
    ("decline_renewal", Needs(P::ReviewRenewals)),
    ("withdraw_renewal", Needs(P::ManageAccounts)),
    ("carry_out_renewal", Needs(P::ManageAccounts)),
    ("set_account_state", Needs(P::ManageAccounts)),
    ("clear_attempts", Needs(P::ManageAccounts)),
    ("grant_roles", Needs(P::GrantRoles)),
    ("create_batch", Needs(P::ManageProgramme)),
    ("add_task", Needs(P::ManageProgramme)),
    ("create_round", Needs(P::ManageProgramme)),
    ("unmask_number", Needs(P::UnmaskPersonal)),
    ("unmask_phones", Needs(P::NotifyExperts)),
    ("confirm_import", Needs(P::ImportData)),
    ("judge_identities", Needs(P::ImportData)),
    ("reopen_identity", Needs(P::ImportData)),
    ("decide_formality", Needs(P::ReviewFormality)),
    ("pass_sound", Needs(P::ReviewFormality)),
    ("regroup", Needs(P::AssignExperts)),
    ("advance_round", Needs(P::RunSession)),
    ("set_terms", Needs(P::FreezeTerms)),
    ("set_rubric", Needs(P::FreezeTerms)),
    ("countersign", Needs(P::Countersign)),
    ("detect_conflicts", Needs(P::DecideConflicts)),
    ("decide_conflict", Needs(P::DecideConflicts)),
    // Whether the agreement counts depends on the act.
    ("agree_act", Needs(P::RunSession)),
    ("decline_act", Needs(P::RunSession)),
    ("declare_recusal", Needs(P::Score)),
    ("undo_recusal", Needs(P::DecideConflicts)),
    ("plan_panels", Needs(P::AssignExperts)),
    ("move_task", Needs(P::AssignExperts)),
    ("assign_experts", Needs(P::AssignExperts)),
    ("set_bridges", Needs(P::AssignExperts)),
    ("clear_bridges", Needs(P::AssignExperts)),
    ("open_draw", Needs(P::DrawExperts)),
    ("commit_draw", Needs(P::DrawExperts)),
    ("reveal_draw", Needs(P::DrawExperts)),
    ("void_draw", Needs(P::DrawExperts)),
    ("leave_seat", Needs(P::RunSession)),
    ("set_presence", Needs(P::RunSession)),
    ("mark_expected_present", Needs(P::RunSession)),
    ("keep_sheet", Needs(P::Score)),
    ("post_sheet", Needs(P::Score)),
    ("submit_sheet", Needs(P::Score)),
    ("submit_complete", Needs(P::Score)),
    ("withdraw_sheet", Needs(P::Score)),
    ("void_sheet", Needs(P::DecideConflicts)),
    ("score_objectives", Needs(P::ScoreObjective)),
    ("record_indicators", Needs(P::ScoreObjective)),
    ("calibrate", Needs(P::Calibrate)),
    ("rank", Needs(P::Calibrate)),
    ("settle_tie", Needs(P::Calibrate)),
    ("conclude", Needs(P::Calibrate)),
];

/// Files in and out.
pub const FILES: &[(&str, &str, Access)] = &[
    ("POST", "/upload/accounts", Needs(P::ManageAccounts)),
    ("POST", "/upload/{kind}", Needs(P::ImportData)),
    ("GET", "/download/accounts-template.xlsx", Needs(P::ManageAccounts)),
    ("GET", "/download/templates/{file}", Needs(P::ImportData)),
    ("GET", "/download/imports/{import}/problems.xlsx", Needs(P::ImportData)),
    ("GET", "/download/experts.xlsx", Needs(P::Export)),
    ("POST", "/download/rounds/{round}/invitations.xlsx", Needs(P::ManageAccounts)),
    // Whoever watches the review can have the draw replayed.
    ("GET", "/download/rounds/{round}/draw.json", Needs(P::ReadProgress)),
    ("GET", "/download/rounds/{round}/{file}", Needs(P::Export)),
];

/// One address that the running program answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub method: Method,
    pub path: String,
    /// `None` if nobody declared what it takes.
    pub access: Option<Access>,
}

/// Every page and server function that is registered, and every file route.
pub fn routes() -> Vec<Route> {
    let mut routes = Vec::new();
    for listing in generate_route_list(Pages) {
        let access = PAGES.iter().find(|(path, _)| *path == listing.path()).map(|(_, access)| *access);
        routes.push(Route { method: Method::GET, path: listing.path().to_owned(), access });
    }
    for (path, method) in server_fn_paths() {
        let name = path.rsplit('/').next().unwrap_or_default();
        let access = FUNCTIONS.iter().find(|(own, _)| *own == name).map(|(_, access)| *access);
        routes.push(Route { method, path: path.to_owned(), access });
    }
    for (method, path, access) in FILES {
        let method = if *method == "POST" { Method::POST } else { Method::GET };
        routes.push(Route { method, path: (*path).to_owned(), access: Some(*access) });
    }
    routes
}

/// Declared, but registered nowhere: left behind when a page or function went.
pub fn left_behind() -> Vec<&'static str> {
    let known: BTreeSet<String> = routes().into_iter().map(|route| route.path).collect();
    let functions: BTreeSet<&str> = known.iter().filter_map(|path| path.strip_prefix("/api/")).collect();
    let pages = PAGES.iter().map(|(path, _)| *path).filter(|path| !known.contains(*path));
    pages.chain(FUNCTIONS.iter().map(|(name, _)| *name).filter(|name| !functions.contains(name))).collect()
}

/// 决定事项: what takes how many people.
fn acts(text: &mut String) {
    text.push_str(
        "\n## Acts\n\nWhat people decide in a review, and how many of them it takes. Made from `domain::consent`, where the list stands once; a test walks \
         every act that takes more than one: by one person, by the same one again, and by the same person through another account nothing happens. \
         Two accounts are one person's if they have the same name. A second person is of another department, or an organizer where the first was not.\n\n\
         | act | permission | takes |\n|---|---|---|\n",
    );
    for act in Act::ALL.iter().copied() {
        let permission = act.permission();
        let _ = writeln!(text, "| {act} | {permission} `{}` | {} |", permission.key(), act.needs());
    }
}

/// The matrix as the document `docs/security/permissions.md` holds it.
pub fn matrix() -> String {
    let mut text = String::from(
        "# Permissions\n\nWho may do what, as the program itself decides it. Made from `domain::access` and `server::http::access`; a test compares this\n\
         page with them, and walks every address as every role.\n\n## Roles\n\n| permission |",
    );
    let roles: Vec<Role> = Role::ALL.iter().copied().filter(|role| *role != Role::Unassigned).collect();
    for role in &roles {
        let _ = write!(text, " {role} |");
    }
    let _ = write!(text, "\n|---|{}\n", "---|".repeat(roles.len()));
    for permission in Permission::ALL {
        let _ = write!(text, "| {permission} `{}` |", permission.key());
        for role in &roles {
            let _ = write!(text, " {} |", if role.may(*permission) { "●" } else { "" });
        }
        text.push('\n');
    }
    text.push_str("\nAn account without a role (待授权) may do nothing.\n");
    acts(&mut text);
    text.push_str("\n## Addresses\n\n| address | takes |\n|---|---|\n");
    let words = |access: Access| match access {
        Open => "nothing".to_owned(),
        Own => "an account; about the caller alone".to_owned(),
        Needs(permission) => format!("{permission} `{}`", permission.key()),
    };
    for (path, access) in PAGES {
        let _ = writeln!(text, "| `GET {path}` | {} |", words(*access));
    }
    for (name, access) in FUNCTIONS {
        let _ = writeln!(text, "| `POST /api/{name}` | {} |", words(*access));
    }
    for (method, path, access) in FILES {
        let _ = writeln!(text, "| `{method} {path}` | {} |", words(*access));
    }
    text
}
