//! Opaque names and short texts. Owns their lengths.

use serde::Serialize;

use super::Node;
use crate::error::{Error, ErrorCode, Result};

/// The id of a coupon or of a code: `[A-Za-z0-9_-]{1,64}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Identifier(String);

impl Identifier {
    /// Reads an id.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let text = node.text()?;
        Self::new(text)
            .ok_or_else(|| node.invalid("must be 1 … 64 letters, digits, underscores or hyphens"))
    }

    /// The id, if the text can be one.
    pub fn new(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        fits.then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text of at most `most` characters that is not empty.
pub fn text(node: &Node<'_>, most: usize) -> Result<String> {
    let text = node.text()?;
    if text.is_empty() {
        return Err(node.invalid("must not be empty"));
    }
    at_most(node, text, most)
}

/// Free data of the host: at most 50 texts of at most 500 characters.
pub fn metadata(node: &Node<'_>) -> Result<Vec<(String, String)>> {
    node.entries(50, |key, value| {
        if key.chars().count() > 100 {
            return Err(Error::new(
                ErrorCode::TooLong,
                value.path(),
                "must have a name of at most 100 characters",
            ));
        }
        let text = value.text()?;
        Ok((key.to_owned(), at_most(value, text, 500)?))
    })
}

fn at_most(node: &Node<'_>, text: &str, most: usize) -> Result<String> {
    if text.chars().count() > most {
        return Err(Error::new(
            ErrorCode::TooLong,
            node.path(),
            format!("must be at most {most} characters"),
        ));
    }
    Ok(text.to_owned())
}
