//! What stands behind one entry, judged on its own: why not, or which effects, credit or external discounts it opens.
//! How they go together is decided in `discount`.

use super::catalog::Catalog;
use super::find::Found;
use crate::discount::{Credit, Effect, Source, plan};
use crate::eligibility::{
    Assessment, Candidate, Level, Reason, Rejection, Situation, assess, credit_balance,
};
use crate::error::{ErrorCode, Result};
use crate::model::{Identifier, Policy, Rule, StackingMode, sort_by};

/// What an entry or an automatic rule comes to.
#[derive(Debug, Default)]
pub(super) struct Verdict<'a> {
    /// Why not, first one first; empty if anything passed.
    pub(super) rejections: Vec<Rejection>,
    /// Why not each linked rule that did not pass.
    pub(super) beside: Vec<Rejection>,
    /// What may be taken off.
    pub(super) effects: Vec<Effect<'a>>,
    /// A balance that may pay.
    pub(super) credit: Option<Credit<'a>>,
    /// Whether an earlier entry is the same.
    pub(super) is_repeated: bool,
    /// External rules that it opens.
    pub(super) unlocked: Vec<&'a Identifier>,
}

impl Verdict<'_> {
    /// The same, unless the shop takes no discounts at all.
    pub(super) fn unless_closed(self, entry: &Found<'_>, policy: &Policy) -> Self {
        match (&entry.candidate, self.rejections.is_empty()) {
            (Ok(candidate), true) if policy.stacking.mode == StackingMode::None => {
                let closed = Rejection::plain(Reason::CodesNotAllowed, Level::Coupon);
                Self::refused(vec![candidate.in_own_words(closed)])
            }
            _ => self,
        }
    }

    pub(super) fn refused(rejections: Vec<Rejection>) -> Self {
        Self {
            rejections,
            ..Self::default()
        }
    }
}

/// Judges an entry: by the coupon's own discount, or by each rule that it links.
pub(super) fn judge<'a>(
    index: usize,
    entry: &Found<'a>,
    catalog: &'a Catalog,
    situation: &Situation<'_>,
) -> Result<Verdict<'a>> {
    let candidate = match &entry.candidate {
        Ok(candidate) => *candidate,
        Err(reason) => {
            return Ok(Verdict::refused(vec![Rejection::plain(
                *reason,
                Level::Code,
            )]));
        }
    };
    let source = Source::Entry(index);
    let links = candidate
        .coupon
        .map_or(&[][..], |coupon| coupon.rules.as_slice());
    if links.is_empty() {
        return judge_one(candidate, source, situation);
    }
    let mut verdict = Verdict::default();
    for rule in links.iter().filter_map(|id| catalog.rule(id)) {
        let linked = Candidate {
            rule: Some(rule),
            ..candidate
        };
        let one = judge_one(linked, source, situation)?;
        verdict.effects.extend(one.effects);
        verdict.unlocked.extend(one.unlocked);
        if let Some(first) = one.rejections.first() {
            verdict.beside.push(first.clone().of_rule(&rule.id));
        }
        // The rule that came furthest says why not.
        let furthest = verdict.rejections.first().map(|first| first.code);
        if one.rejections.first().map(|first| first.code) > furthest {
            verdict.rejections = one.rejections;
        }
    }
    if !verdict.effects.is_empty() || !verdict.unlocked.is_empty() {
        verdict.rejections.clear();
    }
    Ok(verdict)
}

/// Judges a rule that applies by itself.
pub(super) fn judge_automatic<'a>(
    place: usize,
    rule: &'a Rule,
    situation: &Situation<'_>,
) -> Result<Verdict<'a>> {
    let candidate = Candidate {
        coupon: None,
        code: None,
        rule: Some(rule),
    };
    let verdict = judge_one(candidate, Source::Automatic(place), situation);
    // One rule that cannot be judged here must not stop every checkout of the shop.
    let reason = match &verdict {
        Err(error) if error.code() == ErrorCode::PriorOrdersUnavailable => {
            Reason::OrderNumberMismatch
        }
        Err(error) if error.code() == ErrorCode::Required => Reason::OutsideSchedule,
        _ => return verdict,
    };
    Ok(Verdict::refused(vec![Rejection::plain(
        reason,
        Level::Rule,
    )]))
}

fn judge_one<'a>(
    candidate: Candidate<'a>,
    source: Source,
    situation: &Situation<'_>,
) -> Result<Verdict<'a>> {
    let Assessment {
        mut rejections,
        eligible,
    } = assess(&candidate, situation)?;
    let mut verdict = Verdict::default();
    match (candidate.discount(), source) {
        (None, _) => verdict.unlocked.extend(candidate.rule.map(|rule| &rule.id)),
        (Some(discount), Source::Entry(index)) if discount.is_store_credit() => {
            verdict.credit = Some(credit(index, candidate, eligible, situation));
        }
        (Some(discount), _) => match plan(discount, situation.cart, &eligible)? {
            Some(Ok(plan)) => verdict.effects.push(Effect {
                source,
                candidate,
                discount,
                plan,
                eligible,
                narrows: candidate.narrows(),
                running_minimums: candidate.running_minimums(),
            }),
            Some(Err(lacking)) => {
                rejections.push(candidate.in_own_words(Rejection {
                    code: Reason::MinimumNotMet,
                    level: candidate.discount_level(),
                    details: lacking,
                }));
                sort_by(&mut rejections, |one, two| one.code.cmp(&two.code));
            }
            // Without an amount in the cart's currency, which has been told.
            None => {}
        },
    }
    Ok(match rejections.is_empty() {
        true => verdict,
        false => Verdict::refused(rejections),
    })
}

fn credit<'a>(
    index: usize,
    candidate: Candidate<'a>,
    eligible: Vec<usize>,
    situation: &Situation<'_>,
) -> Credit<'a> {
    let currency = situation.cart.currency;
    let balance = candidate
        .coupon
        .and_then(|coupon| credit_balance(coupon, currency, situation.usage));
    Credit {
        index,
        candidate,
        balance: balance.unwrap_or_default(),
        eligible,
        running_minimums: candidate.running_minimums(),
    }
}
