//! Uniform draws of symbols from random bytes. Owns the rejection of bytes that would favour a symbol.

use super::Entropy;
use crate::error::{Error, ErrorCode, Result};
use crate::model::Identifier;

const IDENTIFIER_SYMBOLS: &[u8] = b"0123456789abcdefghijklmnopqrstuv";

/// An id such as `coupon_` and 16 random symbols (80 bits).
pub fn random_identifier(prefix: &str, entropy: &mut dyn Entropy) -> Result<Identifier> {
    let random = Draw::new(IDENTIFIER_SYMBOLS, entropy).text(16)?;
    Identifier::new(&format!("{prefix}{random}"))
        .ok_or_else(|| Error::new(ErrorCode::InvalidValue, "", "has no room for an id"))
}

/// Uniform draws of symbols: bytes beyond the largest multiple of the alphabet's size are thrown away, so that no symbol
/// comes more often than another.
pub(super) struct Draw<'a> {
    symbols: &'a [u8],
    accepted_below: usize,
    entropy: &'a mut dyn Entropy,
    block: [u8; 16],
    next: usize,
}

impl<'a> Draw<'a> {
    pub(super) fn new(symbols: &'a [u8], entropy: &'a mut dyn Entropy) -> Self {
        let excess = 256_usize.checked_rem(symbols.len()).unwrap_or(0);
        Self {
            symbols,
            accepted_below: 256_usize.saturating_sub(excess),
            entropy,
            block: [0; 16],
            next: 16,
        }
    }

    pub(super) fn text(&mut self, length: u32) -> Result<String> {
        (0..length).map(|_| self.symbol()).collect()
    }

    fn symbol(&mut self) -> Result<char> {
        loop {
            let byte = usize::from(self.byte()?);
            if byte < self.accepted_below {
                let index = byte.checked_rem(self.symbols.len()).unwrap_or(0);
                return Ok(self.symbols.get(index).copied().map_or('0', char::from));
            }
        }
    }

    fn byte(&mut self) -> Result<u8> {
        if self.next >= self.block.len() {
            self.entropy.fill(&mut self.block)?;
            self.next = 0;
        }
        let byte = self.block.get(self.next).copied().unwrap_or(0);
        self.next = self.next.saturating_add(1);
        Ok(byte)
    }
}
