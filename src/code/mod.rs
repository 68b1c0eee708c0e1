//! Making new codes and ids. Knows nothing of what a code is worth; what a code is, is `model::CodeText`.

mod draw;
mod entropy;
mod generate;

pub use draw::random_identifier;
pub use entropy::{Entropy, GivenBytes};
pub use generate::{GeneratedCodes, GenerationRequest, GenerationWarning};
