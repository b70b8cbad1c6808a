//! Where the demonstration takes time, ids and chance from: a fixed seed, so that it comes out the same every time.

use domain::{NaiveDate, Timestamp};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;
use service::crypto::CryptoError;
use service::{Clock, Ids};
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// Everything random comes from this.
const SEED: &str = "hengping-demo/1";
/// How far the clock moves whenever it is read.
const STEP_MILLIS: i64 = 370;
const BEIJING_HOURS: i64 = 8;

/// A clock that moves a little whenever it is read, and forward to a given hour when the story goes on.
#[derive(Debug, Default)]
pub struct StoryClock(AtomicI64);

impl StoryClock {
    /// Moves on to this hour in Beijing; never back.
    pub fn turn_to(&self, day: NaiveDate, hour: i64) {
        let midnight = day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis();
        self.0.fetch_max(midnight + (hour - BEIJING_HOURS) * 3_600_000, Ordering::SeqCst);
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        let millis = self.0.fetch_add(STEP_MILLIS, Ordering::SeqCst);
        Timestamp::from_timestamp_millis(millis).unwrap_or_default()
    }
}

/// UUID v7 in increasing order, from the story's clock and the seed.
#[derive(Debug)]
pub struct StoryIds {
    clock: Arc<StoryClock>,
    last: Mutex<(u64, ChaCha20Rng)>,
    secrets: Mutex<ChaCha20Rng>,
}

impl StoryIds {
    pub fn new(clock: Arc<StoryClock>) -> Self {
        Self { clock, last: Mutex::new((0, rng("ids"))), secrets: Mutex::new(rng("secrets")) }
    }
}

impl Ids for StoryIds {
    fn next(&self) -> Uuid {
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let now = u64::try_from(self.clock.0.load(Ordering::SeqCst)).unwrap_or(0);
        last.0 = now.max(last.0 + 1);
        let mut random = [0; 10];
        last.1.fill_bytes(&mut random);
        uuid::Builder::from_unix_timestamp_millis(last.0, &random).into_uuid()
    }

    fn secret(&self) -> Result<[u8; 32], CryptoError> {
        let mut secret = [0; 32];
        self.secrets.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(&mut secret);
        Ok(secret)
    }
}

fn rng(about: &str) -> ChaCha20Rng {
    ChaCha20Rng::from_seed(Sha256::digest(format!("{SEED}/{about}")).into())
}

/// Chance, one independent stream per subject: changing one part of the story leaves the others as they were.
#[derive(Debug)]
pub struct Dice(ChaCha20Rng);

impl Dice {
    pub fn about(subject: &str) -> Self {
        Self(rng(subject))
    }

    /// 0 to `n` − 1; 0 for `n` = 0.
    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.0.next_u64() % (n.max(1) as u64)).unwrap_or(0)
    }

    /// `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.below(usize::try_from(high - low + 1).unwrap_or(1))).unwrap_or(0)
    }

    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Standard normal, by Box and Muller.
    pub fn normal(&mut self) -> f64 {
        let mut uniform = || ((self.0.next_u64() >> 11) as f64 + 1.0) / (1_u64 << 53) as f64;
        let (u, v) = (uniform(), uniform());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }
}
