//! The proof that is published with a solution.

use super::dual;
use super::model::{Model, index, number};
use super::network::Prices;
use super::solution::{Certificate, ExpertPrice, ProofMethod, SeatPrice};
use super::value::Value;
use std::collections::BTreeMap;

/// Prices as they are published; `weights` is empty where every application counts once.
pub fn publish(model: &Model, prices: &Prices, weights: &[i64], method: ProofMethod, nodes: u32) -> Certificate {
    let applications = (0..number(model.applications.len())).map(|i| {
        let [technical, finance, management] = prices.roles[index(i)];
        SeatPrice {
            application: model.application_id(i).to_owned(),
            weight: weights.get(index(i)).copied().unwrap_or(1),
            seat: prices.seats[index(i)],
            technical,
            finance,
            management,
        }
    });
    let experts = (0..number(model.experts.len()))
        .map(|j| ExpertPrice { expert: model.expert_id(j).to_owned(), price: prices.experts[index(j)] });
    Certificate { method, nodes, applications: applications.collect(), experts: experts.collect() }
}

/// A certificate read back: prices and weights in canonical order.
pub struct Claim {
    pub prices: Prices,
    pub weights: Vec<i64>,
}

/// `None` unless the certificate names every application and expert exactly once, with magnitudes that cannot overflow.
pub fn read(model: &Model, certificate: &Certificate) -> Option<Claim> {
    let seats: BTreeMap<&str, &SeatPrice> =
        certificate.applications.iter().map(|p| (p.application.as_str(), p)).collect();
    let loads: BTreeMap<&str, i64> = certificate.experts.iter().map(|p| (p.expert.as_str(), p.price)).collect();
    if certificate.applications.len() != model.applications.len() || certificate.experts.len() != model.experts.len() {
        return None;
    }
    let mut claim = Claim { prices: Prices::default(), weights: Vec::new() };
    for i in 0..number(model.applications.len()) {
        let price = seats.get(model.application_id(i))?;
        if !(0..=1 << 40).contains(&price.weight) {
            return None;
        }
        claim.prices.seats.push(price.seat);
        claim.prices.roles.push([price.technical, price.finance, price.management]);
        claim.weights.push(price.weight);
    }
    for j in 0..number(model.experts.len()) {
        claim.prices.experts.push(*loads.get(model.expert_id(j))?);
    }
    Some(claim)
}

/// Whether the prices prove that there is no assignment at all.
pub fn refutes(model: &Model, prices: &Prices) -> bool {
    dual::bound(model, &Value::zero(model), prices) < 0
}
