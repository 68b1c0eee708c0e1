//! Opaque names, words and short texts. Owns what they may be made of and their lengths.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Node, sort_unique};
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

/// A word of the host's own: `[a-z][a-z0-9_]{0,31}`.
pub(super) fn word(node: &Node<'_>) -> Result<String> {
    let text = node.text()?;
    if !is_word(text) {
        return Err(node
            .invalid("must be 1 … 32 lower-case letters, digits or underscores, a letter first"));
    }
    Ok(text.to_owned())
}

pub(super) fn is_word(text: &str) -> bool {
    text.len() <= 32
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// `least ..= most` texts of the host's, sorted, each once.
pub(super) fn sorted_texts(node: &Node<'_>, least: usize, most: usize) -> Result<Vec<String>> {
    let mut texts = node.list(least, most, |entry| text(entry, 256))?;
    sort_unique(&mut texts);
    Ok(texts)
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

/// Pairs that are an object on the wire.
pub(super) fn as_map<V: Serialize, S: Serializer>(
    entries: &[(String, V)],
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(entries.len()))?;
    for (key, value) in entries {
        map.serialize_entry(key, value)?;
    }
    map.end()
}
