//! The addresses of pages and files. `app.rs` holds the patterns that answer them.

use domain::ids::{ApplicationId, BatchId, ExpertId, ImportId, RoundId, SheetId};
use domain::import::ImportKind;
use domain::round::Gate;
use service::Restriction;

pub const WORKBENCH: &str = "/";
pub const SIGN_IN: &str = "/sign-in";
/// Where whoever asks too fast is told to wait.
pub const WAIT: &str = "/wait";
pub const PASSWORD: &str = "/password";
pub const SECOND_FACTOR: &str = "/second-factor";
pub const ENROL: &str = "/second-factor/enrol";
pub const KEYS: &str = "/second-factor/keys";
pub const BROWSER_SESSIONS: &str = "/sessions";
pub const UPLOAD_ACCOUNTS: &str = "/upload/accounts";
pub const ACCOUNTS_TEMPLATE: &str = "/download/accounts-template.xlsx";
pub const ACCOUNTS: &str = "/accounts";
pub const NEW_ACCOUNT: &str = "/accounts#new";
pub const ROLES: &str = "/roles";
pub const REGION: &str = "/region";
pub const APPROACHES: &str = "/approaches";
pub const AUDIT: &str = "/audit";
pub const BATCHES: &str = "/batches";
pub const NEW_BATCH: &str = "/batches#new";
pub const EXPERTS: &str = "/experts";
pub const DOUBLES: &str = "/experts/doubles";
pub const EXPERTS_FILE: &str = "/download/experts.xlsx";
pub const DESKS: &str = "/desk";
pub const HELP: &str = "/help";
/// Where the button of every page posts.
pub const SIGN_OUT: &str = "/api/sign_out";

/// That page, for so many seconds.
pub fn wait(seconds: u64) -> String {
    format!("{WAIT}?seconds={seconds}")
}

/// Where the reset of an account's credentials is asked for.
pub fn renewal(account: impl std::fmt::Display) -> String {
    format!("{ACCOUNTS}/{account}/renewal")
}

/// A chapter of the manual.
pub fn help(chapter: &str) -> String {
    format!("{HELP}/{chapter}")
}

pub fn batch(batch: BatchId) -> String {
    format!("{BATCHES}/{batch}")
}

pub fn expert(expert: ExpertId) -> String {
    format!("{EXPERTS}/{expert}")
}

pub fn desk(sheet: SheetId) -> String {
    format!("{DESKS}/{sheet}")
}

/// Where an expert declares a relation to the application of a sheet.
pub fn recusal(sheet: SheetId) -> String {
    format!("{}/recusal", desk(sheet))
}

pub fn import(import: ImportId) -> String {
    format!("/imports/{import}")
}

/// The page that takes a file, for a batch if it belongs to one.
pub fn new_import(kind: ImportKind, batch: Option<BatchId>) -> String {
    with_batch(format!("/imports/new/{}", kind.key()), batch)
}

/// Where that page sends the file.
pub fn upload(kind: ImportKind, batch: Option<BatchId>) -> String {
    with_batch(format!("/upload/{}", kind.key()), batch)
}

pub fn template(kind: ImportKind) -> String {
    format!("/download/templates/{}.xlsx", kind.key())
}

pub fn import_problems(import: ImportId) -> String {
    format!("/download/imports/{import}/problems.xlsx")
}

fn with_batch(address: String, batch: Option<BatchId>) -> String {
    match batch {
        Some(batch) => format!("{address}?batch={batch}"),
        None => address,
    }
}

/// The one page for whoever has to do something else first.
pub const fn way_out(restriction: Restriction) -> &'static str {
    match restriction {
        Restriction::FirstPassword | Restriction::OldPassword => PASSWORD,
        Restriction::NoSecondFactor => ENROL,
        Restriction::SecondFactor => SECOND_FACTOR,
    }
}

/// Where whoever has to do something else first is led to instead of a page; `None` where the page is part of it.
pub fn instead_of(restriction: Restriction, page: &str) -> Option<&'static str> {
    let may_choose = restriction == Restriction::NoSecondFactor && page == KEYS;
    Some(way_out(restriction)).filter(|way| *way != page && !may_choose)
}

/// A page named by an id that arrived as text: the workbench if it is none.
pub fn at<T: std::str::FromStr>(id: &str, page: impl FnOnce(T) -> String) -> String {
    id.trim().parse().map_or_else(|_| WORKBENCH.to_owned(), page)
}

/// A page of a round whose id arrived as text.
pub fn of_round(id: &str, page: impl FnOnce(Round) -> String) -> String {
    at(id, |round| page(Round(round)))
}

/// The pages and files of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Round(pub RoundId);

impl Round {
    fn page(self, page: &str) -> String {
        format!("/rounds/{}{page}", self.0)
    }

    pub fn overview(self) -> String {
        self.page("")
    }

    pub fn terms(self) -> String {
        self.page("/terms")
    }

    pub fn applications(self) -> String {
        self.page("/applications")
    }

    pub fn application(self, application: ApplicationId) -> String {
        self.page(&format!("/applications/{application}"))
    }

    pub fn consents(self) -> String {
        self.page("/consents")
    }

    pub fn conflicts(self) -> String {
        self.page("/conflicts")
    }

    pub fn panels(self) -> String {
        self.page("/panels")
    }

    pub fn bridging(self) -> String {
        self.page("/bridging")
    }

    pub fn draw(self) -> String {
        self.page("/draw")
    }

    /// The draw as it is shown in the hall.
    pub fn draw_board(self) -> String {
        self.page("/draw/board")
    }

    pub fn session(self) -> String {
        self.page("/session")
    }

    pub fn findings(self) -> String {
        self.page("/findings")
    }

    pub fn finding(self, application: ApplicationId) -> String {
        self.page(&format!("/findings/{application}"))
    }

    pub fn board(self) -> String {
        self.page("/board")
    }

    pub fn calibration(self) -> String {
        self.page("/calibration")
    }

    pub fn ranking(self) -> String {
        self.page("/ranking")
    }

    pub fn sensitivity(self) -> String {
        self.page("/ranking/sensitivity")
    }

    pub fn weights(self) -> String {
        self.page("/ranking/weights")
    }

    pub fn exports(self) -> String {
        self.page("/exports")
    }

    /// The page a gate is signed on.
    pub fn gate(self, gate: Gate) -> String {
        match gate {
            Gate::Terms => self.terms(),
            Gate::Shortlist => self.ranking(),
        }
    }

    /// A file of the round, by its name.
    pub fn file(self, name: &str) -> String {
        format!("/download/rounds/{}/{name}", self.0)
    }
}
