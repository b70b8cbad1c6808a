//! One number for one problem, whatever the order of its rows.

use super::model::{FREE, Model, index, number};
use super::problem::Objective;
use sha2::{Digest, Sha256};

/// SHA-256, hexadecimal, over `assign/1`, then, with every number as 4 bytes little-endian and every text as its length and
/// its UTF-8 bytes: applications by id (id, demand, minima), experts by id (id, loads, roles, employer, region), pairs by row
/// (count, then expert number and affinity in millionths), conflicts, locks, employer cap, objective with its links.
pub fn digest(model: &Model) -> String {
    let mut sink = Sink { hash: Sha256::new(), buffer: Vec::with_capacity(1 << 16) };
    let problem = model.problem;
    sink.text("assign/1");
    sink.number(number(model.applications.len()));
    for application in &model.applications {
        sink.text(&problem.applications[index(application.source)].id);
        sink.number(application.demand);
        application.minima.into_iter().for_each(|m| sink.number(m));
    }
    sink.number(number(model.experts.len()));
    for expert in &model.experts {
        let source = &problem.experts[index(expert.source)];
        sink.text(&source.id);
        sink.number(expert.min_load);
        sink.number(expert.max_load);
        sink.number(u32::from(source.roles.bits()));
        sink.number(u32::from(expert.employer != FREE));
        sink.text(source.employer.as_deref().unwrap_or_default());
        sink.text(source.region.as_deref().unwrap_or_default());
    }
    for i in 0..number(model.applications.len()) {
        sink.number(number(model.row(i).len()));
        for at in model.row(i) {
            sink.number(model.columns[at]);
            sink.bytes(&model.values[at].to_le_bytes());
        }
    }
    for (&(i, j), reasons) in &model.conflicts {
        for &at in reasons {
            sink.number(i);
            sink.number(j);
            sink.text(&problem.conflicts[index(at)].reason);
        }
    }
    let rank = |link: &super::problem::Link| {
        (model.application_rank[index(link.application)], model.expert_rank[index(link.expert)])
    };
    let kept = match &problem.objective {
        Objective::Total => ("total", &[][..]),
        Objective::Fair => ("fair", &[][..]),
        Objective::Keep(links) => ("keep", &links[..]),
    };
    sink.number(problem.employer_cap);
    sink.text(kept.0);
    for links in [&problem.locks, kept.1] {
        let mut links: Vec<_> = links.iter().map(rank).collect();
        links.sort_unstable();
        links.dedup();
        sink.number(number(links.len()));
        for (i, j) in links {
            sink.number(i);
            sink.number(j);
        }
    }
    sink.finish()
}

struct Sink {
    hash: Sha256,
    buffer: Vec<u8>,
}

impl Sink {
    fn bytes(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= 1 << 15 {
            self.hash.update(&self.buffer);
            self.buffer.clear();
        }
    }

    fn number(&mut self, n: u32) {
        self.bytes(&n.to_le_bytes());
    }

    fn text(&mut self, text: &str) {
        self.number(number(text.len()));
        self.bytes(text.as_bytes());
    }

    fn finish(mut self) -> String {
        self.hash.update(&self.buffer);
        hex::encode(self.hash.finalize())
    }
}
