//! The name of a reservation: the host's order or checkout id.

use crate::error::Result;
use crate::model::{Node, text};

/// Keys of the engine's own entries begin with one of these.
const OWN: [&str; 2] = ["credit/", "limit/"];

/// Reads a host's key.
pub(super) fn host_key(node: &Node<'_>) -> Result<String> {
    let key = text(node, 200)?;
    if key.chars().any(char::is_control) {
        // Some databases end a text at U+0000, others refuse it.
        return Err(node.invalid("must not have control characters"));
    }
    match OWN.iter().any(|own| key.starts_with(own)) {
        true => Err(node.invalid("must not begin with `credit/` or `limit/`")),
        false => Ok(key),
    }
}
