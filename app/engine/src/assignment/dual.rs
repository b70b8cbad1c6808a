//! The bound that prices prove, by weak duality.
//!
//! With seat prices π, role rewards ρ ≥ 0 and expert prices p, no assignment is worth more than
//! `Σ kᵢπᵢ − Σ mᵢᵣρᵢᵣ + Σⱼ max(pⱼuⱼ, pⱼlⱼ) + Σᵢ best(i)`, where best(i) is the most that application i's candidates bring at
//! `vᵢⱼ = aᵢⱼ + ρ(kind) − πᵢ − pⱼ` when at most c of one employer count, the locked ones always.
//! At an optimal flow the bound equals the value: complementary slackness. For values of 0 a bound below 0 proves that there is no assignment at all (Farkas).

use super::model::{FREE, Model, index, number};
use super::network::Prices;
use super::value::Value;

/// The bound, in units of `value`. Takes any prices of the right shape; negative rewards count as 0.
pub fn bound(model: &Model, value: &Value<'_>, prices: &Prices) -> i128 {
    let loads = model.experts.iter().zip(&prices.experts).map(|(expert, &p)| {
        let p = i128::from(p);
        (p * i128::from(expert.max_load)).max(p * i128::from(expert.min_load))
    });
    let mut total: i128 = loads.sum();
    let mut gains: Vec<(u32, i128)> = Vec::new();
    for (i, application) in (0..).zip(&model.applications) {
        let rewards = prices.roles[index(i)].map(|r| i128::from(r.max(0)));
        total += i128::from(application.demand) * i128::from(prices.seats[index(i)]);
        total -= application.minima.iter().zip(rewards).map(|(&m, r)| i128::from(m) * r).sum::<i128>();
        total += best(model, value, prices, i, rewards, &mut gains);
    }
    total
}

/// The bound, rounded down to what a sum of values can be.
pub fn rounded(model: &Model, value: &Value<'_>, prices: &Prices) -> i128 {
    let grain = i128::from(value.grain());
    bound(model, value, prices).div_euclid(grain) * grain
}

fn best(
    model: &Model,
    value: &Value<'_>,
    prices: &Prices,
    i: u32,
    rewards: [i128; 3],
    gains: &mut Vec<(u32, i128)>,
) -> i128 {
    let seat = i128::from(prices.seats[index(i)]);
    let mut by_kind = [0; 8];
    for (kind, reward) in by_kind.iter_mut().enumerate() {
        *reward = (0..3).filter(|r| kind & 1 << r != 0).map(|r| rewards[r]).max().unwrap_or(0);
    }
    let mut total = 0;
    gains.clear();
    let mut used: Vec<u32> = Vec::new();
    let first = model.locks.partition_point(|&at| index(at) < model.row(i).start);
    let mut locks = model.locks[first..].iter().copied().peekable();
    for at in model.row(i) {
        let j = model.columns[at];
        let gain = i128::from(value.of(i, number(at))) + by_kind[usize::from(model.kind(i, j))]
            - seat
            - i128::from(prices.experts[index(j)]);
        let employer = model.experts[index(j)].employer;
        if locks.next_if_eq(&number(at)).is_some() {
            total += gain;
            used.push(employer);
        } else if gain > 0 {
            if employer == FREE {
                total += gain;
            } else {
                gains.push((employer, gain));
            }
        }
    }
    gains.sort_unstable_by_key(|&(employer, gain)| (employer, -gain));
    for group in gains.chunk_by(|a, b| a.0 == b.0) {
        let locked = used.iter().filter(|&&e| e == group[0].0).count();
        let room = index(model.cap).saturating_sub(locked);
        total += group.iter().take(room).map(|(_, gain)| gain).sum::<i128>();
    }
    total
}
