//! The states of a record and which edges there are between them (reliability §0).

use serde::Serialize;

use crate::error::Result;
use crate::model::Node;

/// Where a record stands. Only `RolledBack` is the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RedemptionState {
    /// Claimed until an instant.
    Held,
    /// Paid.
    Redeemed,
    /// Given back.
    Released,
    /// Given back because its time was over.
    Expired,
    /// Taken back after it was paid.
    RolledBack,
}

impl RedemptionState {
    /// Reads a state.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        node.word(&[
            ("held", Self::Held),
            ("redeemed", Self::Redeemed),
            ("released", Self::Released),
            ("expired", Self::Expired),
            ("rolled_back", Self::RolledBack),
        ])
    }

    /// Whether what it claimed has been given back, so that it must claim again to come alive.
    pub fn has_lapsed(self) -> bool {
        matches!(self, Self::Released | Self::Expired)
    }
}
