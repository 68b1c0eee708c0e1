//! The platform's random source, asked per call: never at load time, which edge runtimes forbid.

use crate::code::Entropy;
use crate::error::{Error, ErrorCode, Result};

/// `crypto.getRandomValues`.
pub(super) struct PlatformEntropy;

impl Entropy for PlatformEntropy {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<()> {
        getrandom::fill(buffer).map_err(|_| {
            Error::new(
                ErrorCode::EntropyUnavailable,
                "entropy",
                "is needed: this platform has no crypto.getRandomValues",
            )
        })
    }
}
