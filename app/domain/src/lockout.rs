//! 登录失败: whoever guesses waits, longer with every wrong guess; whoever signs in beside them does not.

use crate::Timestamp;
use chrono::Duration;
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, Ipv6Addr};

/// Wrong guesses without a wait.
pub const FREE: u32 = 4;
/// The longest wait after one more.
const LONGEST_SECONDS: i64 = 15 * 60;
/// After so many hours without a wrong one it begins anew.
const HOURS: i64 = 12;

/// Failures from one network before the answers to strangers there take longer.
pub const CALM: u32 = 20;
const LONGEST_PAUSE_MS: u64 = 3_000;

/// The memory of wrong guesses under one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    pub failures: u32,
    /// When the last of them was.
    pub since: Timestamp,
    pub locked_until: Option<Timestamp>,
}

impl Attempts {
    /// One wrong guess more: 2 seconds after the fifth, twice as long after each further one, a quarter of an hour at most.
    #[must_use]
    pub fn failed(earlier: Option<Self>, now: Timestamp) -> Self {
        let recent = earlier.filter(|earlier| now - earlier.since < Duration::hours(HOURS));
        let failures = recent.map_or(0, |earlier| earlier.failures).saturating_add(1);
        let wait = failures.checked_sub(FREE).filter(|over| *over > 0).map(|over| {
            let seconds = if over < 10 { 1_i64 << over } else { LONGEST_SECONDS };
            Duration::seconds(seconds)
        });
        Self { failures, since: now, locked_until: wait.map(|wait| now + wait) }
    }

    /// One failure more from a network: counted, but nobody is kept out for it.
    #[must_use]
    pub fn noticed(earlier: Option<Self>, now: Timestamp) -> Self {
        Self { locked_until: None, ..Self::failed(earlier, now) }
    }

    /// Without the share of one who has signed in.
    #[must_use]
    pub const fn less(self, share: u32) -> Self {
        Self { failures: self.failures.saturating_sub(share), ..self }
    }

    /// Seconds, rounded up, for which nothing is looked at; `None` if it is open.
    pub fn wait(&self, now: Timestamp) -> Option<i64> {
        let left = self.locked_until? - now;
        (left > Duration::zero()).then(|| (left.num_milliseconds() + 999) / 1000)
    }

    /// Whether it is worth writing down that it was tried during a wait.
    pub const fn is_noted(&self) -> bool {
        self.failures.is_power_of_two()
    }

    /// For how long an answer to a stranger from the same network is held back.
    pub fn pause(&self) -> std::time::Duration {
        let over = self.failures.saturating_sub(CALM);
        let wait = if over == 0 { 0 } else { (250_u64 << (over / 10).min(8)).min(LONGEST_PAUSE_MS) };
        std::time::Duration::from_millis(wait)
    }
}

/// The network of an address: a household has a whole /64 of IPv6.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(n: i64) -> Timestamp {
        Timestamp::from_timestamp(1_750_000_000 + n, 0).unwrap_or_default()
    }

    fn after(failures: u32) -> Attempts {
        let failed = |earlier, _| Some(Attempts::failed(earlier, second(0)));
        (0..failures).fold(None, failed).unwrap_or(Attempts { failures: 0, since: second(0), locked_until: None })
    }

    #[test]
    fn waits_grow_with_every_wrong_guess_and_never_last() {
        let waits: Vec<_> = (1..=40).map(|n| after(n).wait(second(0))).collect();
        assert_eq!(waits[..8], [None, None, None, None, Some(2), Some(4), Some(8), Some(16)]);
        assert_eq!((waits[12], waits[13], waits[39]), (Some(512), Some(900), Some(900)));
        assert_eq!((after(5).wait(second(1)), after(5).wait(second(2))), (Some(1), None));
        let next = Attempts::failed(Some(after(9)), second(60));
        assert_eq!((next.failures, next.wait(second(60))), (10, Some(64)), "a wait that is over is not forgotten");
        let rested = Attempts::failed(Some(after(9)), second(12 * 3600));
        assert_eq!((rested.failures, rested.wait(second(12 * 3600))), (1, None));
    }

    #[test]
    fn a_thousand_guesses_take_days() {
        let (mut now, mut attempts) = (second(0), None);
        for _ in 0..1_000 {
            let counted = Attempts::failed(attempts, now);
            now += Duration::seconds(counted.wait(now).unwrap_or(0));
            attempts = Some(counted);
        }
        assert!((now - second(0)).num_days() >= 10, "a thousand take ten days");
    }

    #[test]
    fn a_network_is_slowed_and_never_shut() {
        let noticed =
            |n| (0..n).fold(None, |earlier, _| Some(Attempts::noticed(earlier, second(0)))).unwrap_or(after(0));
        let pause = |n| noticed(n).pause().as_millis();
        assert_eq!((pause(20), pause(21), pause(30), pause(200)), (0, 250, 500, 3_000));
        assert_eq!(noticed(500).wait(second(0)), None);
        assert_eq!(noticed(30).less(7).failures, 23, "only one's own share is cleared");
        assert_eq!(noticed(3).less(7).failures, 0);
    }

    #[test]
    fn ipv6_is_counted_by_network() {
        let of = |text: &str| network(text.parse().unwrap_or(IpAddr::from([0, 0, 0, 0])));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
