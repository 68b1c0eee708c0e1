//! A part of a record that is written once and only carried along afterwards, as it came.

use serde::{Serialize, Serializer};

use crate::error::Result;
use crate::model::{Node, Value};

/// Something as it was when the record was made.
#[derive(Clone, Debug)]
pub enum Snapshot<T> {
    /// Just taken.
    Taken(T),
    /// Read back.
    Kept(Value),
}

impl<T> Snapshot<T> {
    /// Keeps whatever was stored.
    pub fn keep(node: &Node<'_>) -> Result<Self> {
        Ok(Self::Kept(node.value().clone()))
    }
}

impl<T: Serialize> Serialize for Snapshot<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Taken(taken) => taken.serialize(serializer),
            Self::Kept(kept) => kept.serialize(serializer),
        }
    }
}
