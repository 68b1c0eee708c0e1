//! What became of effects that were stacked: those applied, and what was in the way of the others.

use super::amount::Applied;
use super::effect::Effect;
use crate::eligibility::{Level, Reason, Rejection};

/// What became of the effects.
#[derive(Debug)]
pub struct Stacked<'a> {
    /// In order.
    pub effects: Vec<Effect<'a>>,
    /// In the order taken off, by place among the effects; each took more than nothing.
    pub applied: Vec<(usize, Applied)>,
    /// By place among the effects.
    pub refused: Vec<(usize, Rejection)>,
    /// Whether every selection was tried where a choice had to be made.
    pub is_exact: bool,
}

impl<'a> Stacked<'a> {
    /// The applied effects with what they took.
    pub fn taken(&self) -> impl Iterator<Item = (&Effect<'a>, &Applied)> {
        self.applied
            .iter()
            .filter_map(|(place, applied)| Some((self.effects.get(*place)?, applied)))
    }

    /// The refused effects with what was in their way.
    pub fn refusals(&self) -> impl Iterator<Item = (&Effect<'a>, &Rejection)> {
        self.refused
            .iter()
            .filter_map(|(place, rejection)| Some((self.effects.get(*place)?, rejection)))
    }
}

/// What a choice among effects came to.
pub(super) struct Choice {
    pub(super) applied: Vec<(usize, Applied)>,
    pub(super) refused: Vec<(usize, Rejection)>,
    pub(super) is_exact: bool,
}

/// A refusal because of others, by their codes or ids; each is named once.
pub(super) fn because_of(reason: Reason, others: &[&str]) -> Rejection {
    let mut names: Vec<String> = Vec::new();
    for name in others {
        if !names.iter().any(|known| known == name) {
            names.push((*name).to_owned());
        }
    }
    Rejection::with(reason, Level::Coupon, |details| {
        details.with = Some(names);
    })
}
