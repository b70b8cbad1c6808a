//! 席位代号: until sign-in nobody but whoever notifies them can find who was drawn, by name, number, list or document.

use crate::support::{PASSWORD, World, demand, enrol};
use crate::{assert_error, assert_rule};
use calamine::{Reader, Xlsx};
use domain::access::Standing;
use domain::round::Step;
use engine::draw::Nonce;
use service::{Context, assignment, audit, conflict, draw, export, session};
use std::collections::BTreeSet;
use std::io::Cursor;
use store::Repositories;

async fn drawn() -> World {
    let world = World::at(Step::Draw).await;
    draw::open(&world.industry, world.round, &demand()).await.unwrap();
    let own = |n: usize| Nonce([u8::try_from(n).unwrap() + 1; 32]);
    for (n, ctx) in world.coordinators().into_iter().enumerate() {
        draw::commit(ctx, world.round, &own(n).commitment().to_hex()).await.unwrap();
    }
    for (n, ctx) in world.coordinators().into_iter().enumerate() {
        draw::reveal(ctx, world.round, &own(n).to_hex()).await.unwrap();
    }
    world
}

/// Codes, names and ids of the drawn.
async fn traces(world: &World) -> Vec<String> {
    let seats = world.store().panels().seats(world.round).await.unwrap();
    let drawn: BTreeSet<_> = seats.iter().map(|seat| seat.expert).collect();
    let experts = world.experts.iter().filter(|own| drawn.contains(&own.id));
    experts.flat_map(|own| [own.code.clone(), own.name.clone()]).collect()
}

/// Every cell of a workbook, in brackets.
fn texts(workbook: Vec<u8>) -> String {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(workbook)).unwrap();
    let sheets = book.worksheets();
    let cells = sheets.iter().flat_map(|(_, range)| range.used_cells());
    cells.map(|(_, _, cell)| format!(">{cell}<")).collect::<Vec<_>>().concat()
}

/// What a caller can learn of the draw.
async fn shown(world: &World, ctx: &Context) -> String {
    let view = draw::view(ctx, world.round).await.unwrap();
    let roster = session::roster(ctx, world.round).await.unwrap().1;
    let codes: Vec<_> =
        roster.iter().map(|line| (&line.expert.code, &line.expert.name, &line.expert.employer)).collect();
    let affinity = draw::affinity(ctx, world.round).await.unwrap();
    let latest = assignment::latest(ctx, world.round).await.unwrap();
    format!("{:?} {codes:?} {affinity:?} {latest:?}", view.map(|view| (view.lots, view.alternates, view.events)))
}

#[tokio::test]
async fn nobody_but_the_notifier_finds_who_was_drawn() {
    let world = drawn().await;
    let hidden = traces(&world).await;
    assert!(hidden.len() >= 20);
    for ctx in [&world.industry, &world.education, &world.supervisor] {
        let all = shown(&world, ctx).await;
        for trace in &hidden {
            assert!(!all.contains(&format!("\"{trace}\"")), "{trace} is shown to {}", ctx.actor.standing.role());
        }
        assert_rule!(draw::record(ctx, world.round).await, Moment, "签到");
        let picture = conflict::picture(ctx, world.round).await.unwrap();
        assert!(picture.seats.is_empty(), "the recusals do not tell who sits");
    }
    let table = texts(export::draw_record(&world.industry, world.round).await.unwrap().content);
    let links = texts(export::invitations(&world.admin, world.round).await.unwrap().content);
    for trace in &hidden {
        assert!(!table.contains(&format!(">{trace}<")), "{trace} is in the table");
        assert!(
            !links.contains(&format!(">{trace}<")) && !links.contains(&trace.to_lowercase()),
            "{trace} is in the links"
        );
    }
    assert_error!(export::invitations(&world.organizer, world.round).await, service::Error::Denied(_));

    // Whoever notifies them has both, and one number for each.
    let roster = session::roster(&world.organizer, world.round).await.unwrap().1;
    let numbers: BTreeSet<_> = roster.iter().map(|line| line.number.clone()).collect();
    assert_eq!(numbers.len(), roster.len());
    assert!(roster.iter().all(|line| links.contains(&line.number) && hidden.contains(&line.expert.name)));
    let others = session::roster(&world.education, world.round).await.unwrap().1;
    assert!(others.iter().all(|line| line.expert.code == line.number && numbers.contains(&line.number)));
}

#[tokio::test]
async fn with_sign_in_the_names_are_there() {
    let world = drawn().await;
    world.advance(Step::Draw).await;
    let hidden = traces(&world).await;
    let all = shown(&world, &world.industry).await;
    assert!(hidden.iter().all(|trace| all.contains(&format!("\"{trace}\""))));
    draw::record(&world.supervisor, world.round).await.unwrap();
    assert!(!conflict::picture(&world.industry, world.round).await.unwrap().seats.is_empty());
}

#[tokio::test]
async fn assigned_seats_are_hidden_like_drawn_ones() {
    let world = World::at(Step::Draw).await;
    world.assign(&demand(), "专业特殊").await;
    let hidden = traces(&world).await;
    let all = shown(&world, &world.supervisor).await;
    assert!(hidden.iter().all(|trace| !all.contains(&format!("\"{trace}\""))), "{all}");
}

#[tokio::test]
async fn neither_the_audit_nor_the_accounts_tell_who_was_drawn() {
    let world = drawn().await;
    let auditor = enrol(&world.app, "shenji", Standing::Auditor).await;
    let seat = world.store().panels().seats(world.round).await.unwrap()[0].clone();
    let expert = world.experts.iter().find(|own| own.id == seat.expert).unwrap().clone();
    let links = service::account::invite(&world.admin, world.round).await.unwrap();
    let number = session::roster(&world.organizer, world.round).await.unwrap().1;
    let number = number.iter().find(|line| line.seat.expert == expert.id).unwrap().number.clone();
    let own = links.iter().find(|one| one.name == number).unwrap();
    service::account::accept(&world.app, &service::Client::default(), &own.link, PASSWORD.to_owned()).await.unwrap();
    let leaving =
        service::draw::Leaving { expert: expert.id, why: service::draw::Leave::Declined, reason: "出差".to_owned() };
    draw::leave(&world.organizer, world.round, vec![leaving]).await.unwrap();

    let hidden = [expert.code.clone(), expert.code.to_lowercase(), expert.name.clone(), expert.id.to_string()];
    for ctx in [&auditor, &world.supervisor] {
        let (rows, total) = audit::page(ctx, "", 0, 1_000).await.unwrap();
        assert_eq!(rows.len() as u64, total);
        for row in &rows {
            let shown = format!("{} {:?}", row.row.actor, row.told);
            assert!(hidden.iter().all(|trace| !shown.contains(trace)), "{} {shown}", row.action);
        }
        for trace in &hidden {
            assert_eq!(audit::page(ctx, trace, 0, 10).await.unwrap().1, 0, "{trace} is found");
        }
    }
    let wanted = |search| service::account::Wanted { search, role: None, page: 0, size: 100 };
    let (all, _) = service::account::page(&world.admin, &wanted("")).await.unwrap();
    assert!(all.iter().all(|own| !hidden.contains(&own.login) && !hidden.contains(&own.name)));
    for trace in &hidden {
        assert_eq!(service::account::page(&world.admin, &wanted(trace)).await.unwrap().1, 0, "{trace} is found");
    }
    let (rows, _) = audit::page(&auditor, "开通账号", 0, 10).await.unwrap();
    assert!(!rows.is_empty(), "that something happened is there");
}
