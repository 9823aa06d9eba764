//! 限流 — one token bucket for each client address. Generous: it stops machines, not offices.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

use crate::config::Pace;

/// Addresses remembered at most; above it the full buckets are forgotten.
const ADDRESSES_MAX: usize = 50_000;
/// Parts of one token, so that a bucket fills in whole numbers.
const PARTS: u64 = 1_000;

/// The buckets of all addresses.
#[derive(Debug)]
pub struct Buckets {
    pace: Pace,
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    parts: u64,
    seen_ms: i64,
}

impl Buckets {
    /// No address has asked yet.
    pub fn new(pace: Pace) -> Self {
        Self { pace, buckets: Mutex::new(HashMap::new()) }
    }

    /// Takes a token for an address, or says in how many seconds there is one.
    pub fn take(&self, address: IpAddr, now_ms: i64) -> Result<(), u32> {
        let exempt = self.pace.exempt_loopback && address.is_loopback();
        if self.pace.per_second == 0 || exempt {
            return Ok(());
        }
        let mut buckets = self.buckets.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if buckets.len() >= ADDRESSES_MAX {
            buckets.retain(|_, bucket| self.filled(*bucket, now_ms) < self.full());
            if buckets.len() >= ADDRESSES_MAX {
                buckets.clear();
            }
        }
        let fresh = Bucket { parts: self.full(), seen_ms: now_ms };
        let bucket = buckets.entry(network(address)).or_insert(fresh);
        bucket.parts = self.filled(*bucket, now_ms);
        bucket.seen_ms = now_ms;
        if bucket.parts < PARTS {
            // A bucket gains at least one token a second.
            return Err(1);
        }
        bucket.parts -= PARTS;
        Ok(())
    }

    fn full(&self) -> u64 {
        u64::from(self.pace.burst.max(1)) * PARTS
    }

    /// A bucket gains `per_second` parts each millisecond: `PARTS` is the milliseconds of a second.
    fn filled(&self, bucket: Bucket, now_ms: i64) -> u64 {
        let passed = u64::try_from(now_ms.saturating_sub(bucket.seen_ms)).unwrap_or_default();
        let gained = passed.saturating_mul(u64::from(self.pace.per_second));
        bucket.parts.saturating_add(gained).min(self.full())
    }
}

/// One client: an IPv4 address, or the /64 an IPv6 client chooses its address from.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let pace = Pace { per_second: 2, burst: 3, exempt_loopback: false };
        let buckets = Buckets::new(pace);
        let client = address("192.0.2.1");
        for _ in 0..3 {
            assert_eq!(buckets.take(client, 0), Ok(()));
        }
        assert_eq!(buckets.take(client, 0), Err(1));
        assert_eq!(buckets.take(address("192.0.2.2"), 0), Ok(()), "others are not held up");
        assert_eq!(buckets.take(client, 499), Err(1));
        assert_eq!(buckets.take(client, 500), Ok(()));
        assert_eq!(buckets.take(client, 500), Err(1));
    }

    #[test]
    fn neighbours_in_one_ipv6_network_share_a_bucket() {
        let pace = Pace { per_second: 1, burst: 1, exempt_loopback: true };
        let buckets = Buckets::new(pace);
        assert_eq!(buckets.take(address("2001:db8::1"), 0), Ok(()));
        assert_eq!(buckets.take(address("2001:db8::2"), 0), Err(1));
        assert_eq!(buckets.take(address("2001:db8:0:1::1"), 0), Ok(()));
        for _ in 0..9 {
            assert_eq!(buckets.take(address("::1"), 0), Ok(()), "this machine is exempt");
        }
    }
}
