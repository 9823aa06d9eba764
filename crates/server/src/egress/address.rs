//! 出站地址 — which addresses may be connected to. A name that somebody else answers for must not
//! lead to a machine behind our own wall.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use clap::ValueEnum;

/// How far a peer may be: the operator's word for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Reach {
    /// 公网: addresses that everybody reaches.
    #[default]
    Public,
    /// 政务内网: private addresses besides, as a network of offices has them.
    Intranet,
    /// 本机: this machine alone, where `http` will do: to try things out.
    Loopback,
}

impl Reach {
    /// Whether an address is within reach.
    pub fn admits(self, address: IpAddr) -> bool {
        match Kind::of(address) {
            Kind::Global => self != Self::Loopback,
            Kind::Private => self == Self::Intranet,
            Kind::Loopback => self == Self::Loopback,
            Kind::Never => false,
        }
    }
}

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Global,
    Private,
    Loopback,
    /// Nobody's, a group's, one for this link alone, or one that hides another.
    Never,
}

/// Blocks of IPv4 that no peer has, by their first address and length (RFC 6890).
const NEVER_V4: [(Ipv4Addr, u32); 11] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    // Link-local: where clouds keep the keys of their machines.
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];
/// Private ones: RFC 1918, and those of carriers (RFC 6598).
const PRIVATE_V4: [(Ipv4Addr, u32); 4] = [
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
];
/// Blocks within `2000::/3` that no peer has: Teredo and its like, examples, and 6to4, which carries
/// an address of IPv4 inside.
const NEVER_V6: [(Ipv6Addr, u32); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

impl Kind {
    fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::of_v4(address),
            IpAddr::V6(address) => Self::of_v6(address),
        }
    }

    fn of_v4(address: Ipv4Addr) -> Self {
        let within = |(block, length): &(Ipv4Addr, u32)| {
            let shift = 32 - length;
            u32::from(address) >> shift == u32::from(*block) >> shift
        };
        if address.is_loopback() {
            Self::Loopback
        } else if NEVER_V4.iter().any(within) {
            Self::Never
        } else if PRIVATE_V4.iter().any(within) {
            Self::Private
        } else {
            Self::Global
        }
    }

    /// Only `2000::/3` was ever given out; everything that maps or translates IPv4 lies outside.
    fn of_v6(address: Ipv6Addr) -> Self {
        let within = |(block, length): &(Ipv6Addr, u32)| {
            let shift = 128 - length;
            u128::from(address) >> shift == u128::from(*block) >> shift
        };
        let first = address.segments()[0];
        if address.is_loopback() {
            Self::Loopback
        } else if first & 0xfe00 == 0xfc00 {
            Self::Private
        } else if first & 0xe000 != 0x2000 || NEVER_V6.iter().any(within) {
            Self::Never
        } else {
            Self::Global
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_ends_where_it_ends() {
        use Kind::{Global, Loopback, Never, Private};
        let table = [
            ("0.0.0.0", Never),
            ("0.255.255.255", Never),
            ("1.0.0.0", Global),
            ("9.255.255.255", Global),
            ("10.0.0.0", Private),
            ("10.255.255.255", Private),
            ("11.0.0.0", Global),
            ("100.63.255.255", Global),
            ("100.64.0.0", Private),
            ("100.127.255.255", Private),
            ("100.128.0.0", Global),
            ("126.255.255.255", Global),
            ("127.0.0.1", Loopback),
            ("127.255.255.255", Loopback),
            ("128.0.0.0", Global),
            ("169.253.255.255", Global),
            ("169.254.169.254", Never),
            ("169.255.0.0", Global),
            ("172.15.255.255", Global),
            ("172.16.0.0", Private),
            ("172.31.255.255", Private),
            ("172.32.0.0", Global),
            ("192.0.2.1", Never),
            ("192.88.99.1", Never),
            ("192.167.255.255", Global),
            ("192.168.0.0", Private),
            ("192.168.255.255", Private),
            ("192.169.0.0", Global),
            ("198.17.255.255", Global),
            ("198.19.255.255", Never),
            ("198.51.100.9", Never),
            ("203.0.113.9", Never),
            ("223.255.255.255", Global),
            ("224.0.0.1", Never),
            ("255.255.255.255", Never),
            ("::", Never),
            ("::1", Loopback),
            ("::ffff:127.0.0.1", Never),
            ("::ffff:1.1.1.1", Never),
            ("::127.0.0.1", Never),
            ("64:ff9b::7f00:1", Never),
            ("64:ff9b:1::1", Never),
            ("100::1", Never),
            ("1fff:ffff::1", Never),
            ("2000::1", Global),
            ("2001::1", Never),
            ("2001:1ff:ffff::1", Never),
            ("2001:200::1", Global),
            ("2001:db7::1", Global),
            ("2001:db8::1", Never),
            ("2001:db9::1", Global),
            ("2002:7f00:1::", Never),
            ("2003::1", Global),
            ("3fff:fff:ffff::1", Never),
            ("3fff:1000::1", Global),
            ("4000::1", Never),
            ("fbff::1", Never),
            ("fc00::1", Private),
            ("fdff::1", Private),
            ("fe80::1", Never),
            ("fec0::1", Never),
            ("ff02::1", Never),
        ];
        for (address, kind) in table {
            assert_eq!(Kind::of(address.parse().expect("an address")), kind, "{address}");
        }
    }

    #[test]
    fn each_word_admits_what_it_says() {
        // address, public, intranet, loopback
        let table = [
            ("1.1.1.1", true, true, false),
            ("10.1.1.1", false, true, false),
            ("100.64.1.1", false, true, false),
            ("fd00::1", false, true, false),
            ("127.0.0.1", false, false, true),
            ("::1", false, false, true),
            ("169.254.169.254", false, false, false),
            ("::ffff:10.1.1.1", false, false, false),
            ("fe80::1", false, false, false),
        ];
        for (address, public, intranet, loopback) in table {
            let address = address.parse().expect("an address");
            let admitted = [Reach::Public, Reach::Intranet, Reach::Loopback]
                .map(|reach| reach.admits(address));
            assert_eq!(admitted, [public, intranet, loopback], "{address}");
        }
    }
}
