//! Random bytes as an argument. Owns the seam only: the crate has no source of its own outside the wasm boundary.

use crate::error::{Error, ErrorCode, Result};

/// A source of random bytes fit for secrets.
pub trait Entropy {
    /// Fills the buffer, or fails: never with anything less than random.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<()>;
}

/// Bytes given by the caller, each used once.
#[derive(Debug)]
pub struct GivenBytes<'a> {
    rest: &'a [u8],
}

impl<'a> GivenBytes<'a> {
    /// Takes the bytes; fewer than 16, or all alike, are no entropy (invariant C4).
    pub fn new(bytes: &'a [u8]) -> Result<Self> {
        let varied = bytes
            .first()
            .is_some_and(|first| bytes.iter().any(|byte| byte != first));
        if bytes.len() < 16 || !varied {
            return Err(unavailable(
                "must be at least 16 random bytes, not all alike",
            ));
        }
        Ok(Self { rest: bytes })
    }
}

impl Entropy for GivenBytes<'_> {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<()> {
        let Some((taken, rest)) = self.rest.split_at_checked(buffer.len()) else {
            return Err(unavailable("has too few bytes for the codes asked for"));
        };
        buffer.copy_from_slice(taken);
        self.rest = rest;
        Ok(())
    }
}

fn unavailable(message: &str) -> Error {
    Error::new(ErrorCode::EntropyUnavailable, "entropy", message)
}
