//! Currencies (ISO 4217; semantics §1). Amounts are in minor units throughout; how many of them make a major unit
//! matters only where they are put into words, which the shim does.

use std::fmt;

use serde::{Serialize, Serializer};

use super::Node;
use crate::error::Result;

/// A three-letter code in upper case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads a currency.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let text = node.text()?;
        Self::new(text)
            .ok_or_else(|| node.invalid("must be an ISO 4217 code of three upper-case letters"))
    }

    /// The currency, if the text is three upper-case letters.
    pub fn new(text: &str) -> Option<Self> {
        let letters: [u8; 3] = text.as_bytes().try_into().ok()?;
        letters
            .iter()
            .all(u8::is_ascii_uppercase)
            .then_some(Self(letters))
    }

    /// The three letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
