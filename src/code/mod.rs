//! Making new codes and ids. Knows nothing of what a code is worth; what a code is, is `model::CodeText`.

mod entropy;
mod generate;

pub use entropy::{Entropy, GivenBytes};
pub use generate::{GeneratedCodes, GenerationRequest, GenerationWarning, random_identifier};
