//! Server functions of the draw page.

use crate::answer::{Beside, answer, done};
use crate::components::Query;
use crate::consent::waiting;
use crate::panel::demand::label;
use crate::request::{FormError, coded, context, id, number};
use crate::routes::{Round, of_round};
use domain::draw::DrawState;
use leptos::prelude::*;
use service::assignment::{Control, Demand, Status};
use service::consent::Acted;
use service::draw::Leaving;
use std::collections::BTreeMap;

fn back_to(round: &str) -> Query {
    Query::new(of_round(round, Round::draw))
}

/// The composition as it was typed: into a demand, and into the address so that the form comes back as it was filled in.
struct Typed {
    technical: String,
    finance: String,
    management: String,
    employer_cap: String,
    recusals: String,
}

impl Typed {
    fn back(&self, round: &str) -> String {
        back_to(round)
            .with("technical", self.technical.clone())
            .with("finance", self.finance.clone())
            .with("management", self.management.clone())
            .with("employer_cap", self.employer_cap.clone())
            .with("recusals", self.recusals.clone())
            .href()
    }

    fn demand(&self) -> Result<Demand, FormError> {
        Ok(Demand {
            technical: number(&self.technical, label(Control::Technical))?,
            finance: number(&self.finance, label(Control::Finance))?,
            management: number(&self.management, label(Control::Management))?,
            employer_cap: number(&self.employer_cap, label(Control::EmployerCap))?,
            recusals: number(&self.recusals, label(Control::Recusals))?,
        })
    }
}

const IMPOSSIBLE: &str = "没有满足全部条件的方案，席位没有改动；原因和可行的调整见下";

/// 关闭候选池，开始抽取
#[server(endpoint = "open_draw")]
pub async fn open_draw(
    round: String,
    technical: String,
    finance: String,
    management: String,
    employer_cap: String,
    recusals: String,
) -> Result<(), ServerFnError> {
    let typed = Typed { technical, finance, management, employer_cap, recusals };
    let back = typed.back(&round);
    answer(&back, async {
        let ctx = context()?;
        match service::draw::open(&ctx, id(&round)?, &typed.demand()?).await? {
            Some(_) => Err(FormError(IMPOSSIBLE.to_owned()).into()),
            None => done(back_to(&round).href(), "候选池已关闭，请三个部门分别承诺"),
        }
    })
    .await
}

/// 定向指派
#[server(endpoint = "assign_experts")]
pub async fn assign_experts(
    round: String,
    technical: String,
    finance: String,
    management: String,
    employer_cap: String,
    recusals: String,
    reason: String,
) -> Result<(), ServerFnError> {
    let typed = Typed { technical, finance, management, employer_cap, recusals };
    let back = typed.back(&round);
    answer(&back, async {
        let ctx = context()?;
        let outcome = match service::assignment::assign(&ctx, id(&round)?, &typed.demand()?, &reason).await? {
            Acted::Done(outcome) => outcome,
            Acted::Waiting(needs) => return waiting(&round, needs),
        };
        match outcome.status {
            Status::Infeasible => Err(FormError(IMPOSSIBLE.to_owned()).into()),
            Status::Optimal | Status::Feasible => {
                done(&back, format!("定向指派完成，共 {} 个席位", outcome.assignments.len()))
            }
        }
    })
    .await
}

/// 承诺: with a commitment of one's own, or with a nonce made here and shown once
#[server(endpoint = "commit_draw")]
pub async fn commit_draw(round: String, #[server(default)] commitment: String) -> Result<(), ServerFnError> {
    let back = back_to(&round).href();
    answer(&back, async {
        let ctx = context()?;
        let round = id(&round)?;
        if commitment.trim().is_empty() {
            let nonce = service::draw::commit_to_new_nonce(&ctx, round).await?;
            let words = format!("已承诺。请立即抄存本部门的随机数，公布时要填写，系统不保存，也不再显示：{nonce}");
            return done(&back, words);
        }
        service::draw::commit(&ctx, round, &commitment).await.beside("commitment")?;
        done(&back, "已承诺")
    })
    .await
}

/// 公布随机数
#[server(endpoint = "reveal_draw")]
pub async fn reveal_draw(round: String, nonce: String) -> Result<(), ServerFnError> {
    let back = back_to(&round).href();
    answer(&back, async {
        let ctx = context()?;
        let words = match service::draw::reveal(&ctx, id(&round)?, &nonce).await.beside("nonce")? {
            DrawState::Drawn => "已公布；三个部门均已公布，抽取完成",
            DrawState::Open | DrawState::Void => "已公布，与承诺相符",
        };
        done(&back, words)
    })
    .await
}

/// 作废抽取
#[server(endpoint = "void_draw")]
pub async fn void_draw(round: String, reason: String) -> Result<(), ServerFnError> {
    let back = back_to(&round).href();
    answer(&back, async {
        match service::draw::void(&context()?, id(&round)?, &reason).await.beside("reason")? {
            Acted::Done(()) => done(&back, "抽取已作废，记录保留；可以重新开始"),
            Acted::Waiting(needs) => waiting(&round, needs),
        }
    })
    .await
}

/// 通知结果与递补: of every expert on the page `why.` the cause, if the seat is given up, and `reason.` the reason. All leave, or none.
#[server(endpoint = "leave_seat")]
pub async fn leave_seat(round: String, #[server(flatten)] rows: BTreeMap<String, String>) -> Result<(), ServerFnError> {
    let back = back_to(&round).href();
    answer(&back, async {
        let ctx = context()?;
        let mut leaving = Vec::new();
        // Forms name seats: an expert's own id would lead to the expert.
        let (_, roster) = service::session::roster(&ctx, id(&round)?).await?;
        for (name, why) in &rows {
            let Some(seat) = name.strip_prefix("why.").filter(|_| !why.is_empty()) else { continue };
            let reason = rows.get(&format!("reason.{seat}")).cloned().unwrap_or_default();
            if reason.trim().is_empty() {
                return Err(FormError("请写明理由".to_owned())).beside(&format!("reason.{seat}"));
            }
            let why = coded(why, "离席情形").beside(name)?;
            let seat: uuid::Uuid = id(seat)?;
            let line = roster.iter().find(|line| line.seat.id == seat).ok_or(service::Error::NotFound)?;
            leaving.push(Leaving { expert: line.seat.expert, why, reason });
        }
        let count = leaving.len();
        let successors = match service::draw::leave(&ctx, id(&round)?, leaving).await? {
            Acted::Done(successors) => successors,
            Acted::Waiting(needs) => return waiting(&round, needs),
        };
        let told = match count {
            0 => "没有选择离席的专家".to_owned(),
            _ => format!("{count} 人离席，由 {} 递补", successors.join("、")),
        };
        done(format!("{back}#events"), told)
    })
    .await
}

/// 显示本轮手机号
#[server(endpoint = "unmask_phones")]
pub async fn unmask_phones(round: String, reason: String) -> Result<(), ServerFnError> {
    let back = back_to(&round).href();
    answer(&back, async {
        let ctx = context()?;
        let count = service::personal::unmask_phones(&ctx, id(&round)?, &reason).await.beside("reason")?;
        done(format!("{back}#leave"), format!("已显示 {count} 人的手机号，1小时后恢复隐去"))
    })
    .await
}
