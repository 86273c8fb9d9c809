//! Numbers that look random and are the same in every run with the same seed.

use std::convert::Infallible;

use rsa::rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};

/// SHA-256 in counter mode over a seed and a label; streams with different labels are independent.
///
/// Anyone who knows the seed knows every number, which is the point: nothing here guards real money.
#[derive(Clone, Debug)]
pub(super) struct Seeded {
    seed: [u8; 32],
    counter: u64,
    /// What is left of the current block.
    left: Vec<u8>,
}

impl Seeded {
    /// The stream of this seed and label.
    pub(super) fn new(seed: u64, label: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_be_bytes());
        hash.update(label.as_bytes());
        Self {
            seed: hash.finalize().into(),
            counter: 0,
            left: Vec::new(),
        }
    }

    fn byte(&mut self) -> u8 {
        if let Some(byte) = self.left.pop() {
            return byte;
        }
        let mut hash = Sha256::new();
        hash.update(self.seed);
        hash.update(self.counter.to_be_bytes());
        self.counter = self.counter.wrapping_add(1);
        self.left = hash.finalize().to_vec();
        self.left.pop().unwrap_or_default()
    }

    /// The next number.
    pub(super) fn next(&mut self) -> u64 {
        u64::from_be_bytes(std::array::from_fn(|_| self.byte()))
    }

    /// A number below `end`; 0 when `end` is 0.
    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next().checked_rem(end).unwrap_or(0)
    }

    /// One of these, unless there are none.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let at = self.below(from.len() as u64);
        from.get(usize::try_from(at).unwrap_or(0))
    }

    /// So many lower-case hexadecimal digits (an even number).
    pub(super) fn hex(&mut self, digits: usize) -> String {
        let bytes: Vec<u8> = (0..digits / 2).map(|_| self.byte()).collect();
        hex::encode(bytes)
    }

    /// A version 4 UUID.
    pub(super) fn uuid(&mut self) -> String {
        let bytes = std::array::from_fn(|_| self.byte());
        uuid::Builder::from_random_bytes(bytes)
            .into_uuid()
            .to_string()
    }
}

impl TryRng for Seeded {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::from_be_bytes(std::array::from_fn(|_| self.byte())))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next())
    }

    fn try_fill_bytes(&mut self, target: &mut [u8]) -> Result<(), Infallible> {
        for byte in target {
            *byte = self.byte();
        }
        Ok(())
    }
}

impl TryCryptoRng for Seeded {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_another_label_others() {
        let (mut one, mut two) = (Seeded::new(7, "a"), Seeded::new(7, "a"));
        assert_eq!(one.hex(64), two.hex(64));
        assert_eq!(one.uuid(), two.uuid());
        assert_ne!(
            Seeded::new(7, "a").next(),
            Seeded::new(7, "b").next(),
            "labels part the streams"
        );
        assert_eq!(one.below(0), 0);
    }
}
