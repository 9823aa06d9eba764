//! Chance, from the operating system.

/// 256 random bits.
///
/// # Panics
///
/// When the operating system has no chance to give: nothing may go on then.
pub fn secret() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// 256 random bits as 64 hexadecimal digits.
pub fn secret_hex() -> String {
    hex::encode(secret())
}

/// A key under which an act is done once: 128 random bits as hexadecimal digits.
///
/// # Panics
///
/// As [`secret`].
pub fn key() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    hex::encode(bytes)
}
