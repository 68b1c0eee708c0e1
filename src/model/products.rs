//! Product rules as defined (semantics §10): which lines something is for. Owns their shape and which ids they cover.

use serde::Serialize;

use super::{Line, Node, identifier::sorted_texts};
use crate::error::Result;

/// Lines named by any of their ids.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Products {
    /// Empty for every line. Sorted.
    pub include: Vec<String>,
    /// Wins over `include`. Sorted.
    pub exclude: Vec<String>,
    /// How many of the included ids must be in the cart.
    pub requires: Requires,
    /// Whether lines that are reduced already are left out.
    pub exclude_on_sale: bool,
}

/// How many of the included ids must be in the cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Requires {
    /// One of them.
    Any,
    /// Each of them.
    All,
}

impl Products {
    pub(super) fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["include", "exclude", "requires", "excludeOnSale"])?;
        let sorted = |ids: &Node<'_>| sorted_texts(ids, 0, 10_000);
        let include = object.optional("include", sorted)?.unwrap_or_default();
        let requires = object.optional("requires", |requires| {
            match requires.word(&[("any", Requires::Any), ("all", Requires::All)])? {
                Requires::All if include.is_empty() => {
                    Err(requires.invalid("must be any where `include` names nothing"))
                }
                known => Ok(known),
            }
        })?;
        Ok(Self {
            exclude: object.optional("exclude", sorted)?.unwrap_or_default(),
            requires: requires.unwrap_or(Requires::Any),
            exclude_on_sale: object
                .optional("excludeOnSale", |flag| flag.flag())?
                .unwrap_or(false),
            include,
        })
    }

    /// Whether this line is inside.
    pub fn cover(&self, line: &Line) -> bool {
        (self.include.is_empty() || any_listed(&line.ids, &self.include)) && !self.shuts_out(line)
    }

    /// Whether they narrow the cart at all.
    pub fn narrow(&self) -> bool {
        !self.include.is_empty() || !self.exclude.is_empty() || self.exclude_on_sale
    }

    /// Whether all that are included have to be in the cart.
    pub fn requires_all(&self) -> bool {
        self.requires != Requires::Any
    }

    /// The required ids that none of these lines has, as far as they are not shut out; sorted. Empty where any one will
    /// do.
    pub fn missing<'l>(&self, lines: impl Iterator<Item = &'l Line>) -> Vec<String> {
        if self.requires == Requires::Any {
            return Vec::new();
        }
        let mut is_there = vec![false; self.include.len()];
        for line in lines.filter(|line| !self.shuts_out(line)) {
            for id in &line.ids {
                let place = self.include.binary_search(id).ok();
                if let Some(found) = place.and_then(|place| is_there.get_mut(place)) {
                    *found = true;
                }
            }
        }
        self.include
            .iter()
            .zip(is_there)
            .filter(|(_, is_there)| !is_there)
            .map(|(id, _)| id.clone())
            .collect()
    }

    fn shuts_out(&self, line: &Line) -> bool {
        any_listed(&line.ids, &self.exclude) || (self.exclude_on_sale && line.on_sale)
    }
}

fn any_listed(ids: &[String], list: &[String]) -> bool {
    ids.iter().any(|id| list.binary_search(id).is_ok())
}
