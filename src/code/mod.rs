//! Codes as texts: their one canonical form, and making new ones. Knows nothing of what a code is worth.

mod canonical;
mod entropy;
mod generate;

pub use canonical::{CodeText, InnerSpace};
pub use entropy::{Entropy, GivenBytes};
pub use generate::{GeneratedCodes, GenerationRequest, GenerationWarning, random_identifier};
