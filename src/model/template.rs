//! What a coupon's codes should look like (S3.6). Advisory: a code that does not fit is a code all the same (S3.7).

use serde::Serialize;

use super::{CodeText, Node};
use crate::error::Result;

/// A shape in which `#` stands for any letter or digit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Template(String);

impl Template {
    /// Reads a template.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let text = node.text()?.to_ascii_uppercase();
        let is_part = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'#');
        if text.is_empty() || text.len() > 64 || !text.bytes().all(is_part) {
            return Err(node.invalid(
                "must be 1 … 64 letters, digits, `-`, `_`, and `#` for any letter or digit",
            ));
        }
        Ok(Self(text))
    }

    /// Whether a code looks like this.
    pub fn fits(&self, code: &CodeText) -> bool {
        let code = code.as_str();
        self.0.len() == code.len()
            && self.0.bytes().zip(code.bytes()).all(|(shape, found)| {
                shape == found || (shape == b'#' && found.is_ascii_alphanumeric())
            })
    }
}
