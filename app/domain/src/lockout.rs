//! 登录失败锁定: five failures in a row within half an hour close an account, or an address, for half an hour.

use crate::Timestamp;
use chrono::Duration;
use serde::{Deserialize, Serialize};

/// Failures that lock.
pub const FAILURES: u32 = 5;
/// Failures further apart than this do not add up, and a lock lasts as long.
const MINUTES: i64 = 30;

/// The memory of failed sign-ins under one login name or from one address. A success forgets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    pub failures: u32,
    /// When the first of them was.
    pub since: Timestamp,
    pub locked_until: Option<Timestamp>,
}

impl Attempts {
    /// One failure more.
    #[must_use]
    pub fn failed(earlier: Option<Self>, now: Timestamp) -> Self {
        let span = Duration::minutes(MINUTES);
        let recent = earlier.filter(|earlier| now - earlier.since < span && earlier.locked_until.is_none());
        let (failures, since) = recent.map_or((1, now), |earlier| (earlier.failures + 1, earlier.since));
        Self { failures, since, locked_until: (failures >= FAILURES).then(|| now + span) }
    }

    /// One attempt more on what is locked: it neither opens nor lasts longer.
    #[must_use]
    pub const fn while_locked(self) -> Self {
        Self { failures: self.failures.saturating_add(1), ..self }
    }

    /// How often a lock was tried, where it is worth writing down: the first time, and whenever it has doubled.
    pub const fn noted(&self) -> Option<u32> {
        let times = self.failures.saturating_sub(FAILURES);
        if times.is_power_of_two() { Some(times) } else { None }
    }

    /// Minutes, rounded up, for which nobody gets in; `None` if it is open.
    pub fn locked_for(&self, now: Timestamp) -> Option<i64> {
        let left = self.locked_until? - now;
        (left > Duration::zero()).then(|| (left.num_seconds() + 59) / 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(n: i64) -> Timestamp {
        Timestamp::from_timestamp(1_750_000_000 + n * 60, 0).unwrap_or_default()
    }

    fn after(minutes: &[i64]) -> Attempts {
        let failed = |earlier, at: &i64| Some(Attempts::failed(earlier, minute(*at)));
        minutes.iter().fold(None, failed).unwrap_or(Attempts { failures: 0, since: minute(0), locked_until: None })
    }

    #[test]
    fn the_fifth_failure_locks_for_thirty_minutes() {
        assert_eq!(after(&[0, 1, 2, 3]).locked_for(minute(3)), None);
        let locked = after(&[0, 1, 2, 3, 4]);
        assert_eq!((locked.locked_for(minute(4)), locked.locked_for(minute(33))), (Some(30), Some(1)));
        assert_eq!(locked.locked_for(minute(34)), None);
        assert_eq!(Attempts::failed(Some(locked), minute(35)).failures, 1, "after the lock it begins anew");
    }

    #[test]
    fn trying_a_lock_changes_nothing_but_the_count_which_is_noted_when_it_doubles() {
        let mut locked = after(&[0, 1, 2, 3, 4]);
        assert_eq!(locked.noted(), None);
        let mut noted = Vec::new();
        for _ in 0..9 {
            locked = locked.while_locked();
            noted.extend(locked.noted());
        }
        assert_eq!(noted, [1, 2, 4, 8]);
        assert_eq!(locked.locked_for(minute(33)), Some(1), "no longer than before");
        assert_eq!(Attempts::failed(Some(locked), minute(34)).failures, 1);
    }

    #[test]
    fn failures_far_apart_do_not_add_up() {
        assert_eq!(after(&[0, 10, 20, 29, 31]).failures, 1);
        assert!(after(&[0, 10, 20, 25, 29]).locked_until.is_some());
    }
}
