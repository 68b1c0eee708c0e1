//! What happened, in order, figure by figure: which terms, of which base, after whom, held back by what. The words are
//! the shim's. Built only when asked for.

use serde::Serialize;

use super::amount::Applied;
use super::credit::Payment;
use super::effect::{Effect, Source};
use super::stacked::Stacked;
use crate::eligibility::Reason;
use crate::model::{Amount, BasisPoints, DiscountValue, Target};

/// One step.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TraceStep {
    /// The canonical code, if it came by one.
    pub code: Option<String>,
    /// The rule, if it is one's.
    pub rule_id: Option<String>,
    /// By what people name it.
    pub label: String,
    /// What opened it.
    pub source: &'static str,
    /// What kind of terms.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What it was taken of.
    pub target: Target,
    /// Of a percentage.
    pub basis_points: Option<BasisPoints>,
    /// What the terms were taken of.
    pub base: Amount,
    /// What the terms ask for.
    pub requested: Amount,
    /// The cap that held it back.
    pub cap: Option<Amount>,
    /// Whether a cap of the shop's took some of it back.
    pub trimmed: bool,
    /// Whom it was taken after, where that made a difference.
    pub after: Vec<String>,
    /// What it took off.
    pub amount: Amount,
}

/// The steps of what was taken off, in order.
pub fn trace(stacked: &Stacked<'_>) -> Vec<TraceStep> {
    let mut steps = Vec::new();
    let mut before: Vec<String> = Vec::new();
    for (place, effect) in stacked.effects.iter().enumerate() {
        let applied = stacked.applied.iter().find(|(at, _)| *at == place);
        // What the shop's caps took back altogether stood here when the later ones were taken.
        let stood = stacked
            .refused
            .iter()
            .any(|(at, rejection)| *at == place && rejection.code == Reason::CapReached);
        if let Some((_, applied)) = applied {
            steps.push(step(effect, applied, &before));
        }
        if (stood || applied.is_some()) && !before.iter().any(|name| name == effect.name()) {
            before.push(effect.name().to_owned());
        }
    }
    steps
}

fn step(effect: &Effect<'_>, applied: &Applied, before: &[String]) -> TraceStep {
    let (kind, basis_points) = match effect.plan.value {
        DiscountValue::Percent { basis_points, .. } => ("percent", Some(*basis_points)),
        DiscountValue::Price { .. } => ("price", None),
        _ => ("amount", None),
    };
    TraceStep {
        code: effect
            .candidate
            .code
            .map(|code| code.code.as_str().to_owned()),
        rule_id: effect
            .candidate
            .rule
            .map(|rule| rule.id.as_str().to_owned()),
        label: effect.candidate.label(),
        source: match effect.source {
            Source::Automatic(_) => "automatic",
            Source::Entry(_) => "code",
        },
        kind,
        target: effect.discount.target,
        basis_points,
        base: applied.base,
        requested: applied.requested,
        cap: applied.capped_at,
        trimmed: applied.is_trimmed,
        after: match applied.is_running {
            true => before.to_vec(),
            false => Vec::new(),
        },
        amount: applied.amount,
    }
}

/// The step of a store credit: of what was left to pay for.
pub fn credit_step(payment: &Payment<'_>) -> TraceStep {
    let candidate = &payment.credit.candidate;
    TraceStep {
        code: candidate.code.map(|code| code.code.as_str().to_owned()),
        rule_id: None,
        label: candidate.label(),
        source: "code",
        kind: "store_credit",
        target: Target::Items,
        basis_points: None,
        base: payment.base,
        requested: payment.credit.balance,
        cap: None,
        trimmed: false,
        after: Vec::new(),
        amount: payment.amount,
    }
}
