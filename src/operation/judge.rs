//! What stands behind one entry, judged on its own: why not, or which effects, credit or external discounts it opens.
//! How they go together is decided in `discount`.

use super::catalog::Catalog;
use super::find::Found;
use crate::discount::{Credit, Effect, Source, plan};
use crate::eligibility::{Candidate, Level, Reason, Rejection, Situation, assess, credit_balance};
use crate::error::Result;
use crate::model::{Identifier, Policy, Rule, StackingMode, sort_by};

/// What an entry or an automatic rule comes to.
#[derive(Debug, Default)]
pub(super) struct Verdict<'a> {
    /// Why not, first one first; empty if anything passed.
    pub(super) rejections: Vec<Rejection>,
    /// What may be taken off.
    pub(super) effects: Vec<Effect<'a>>,
    /// A balance that may pay.
    pub(super) credit: Option<Credit<'a>>,
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
    judge_one(candidate, Source::Automatic(place), situation)
}

fn judge_one<'a>(
    candidate: Candidate<'a>,
    source: Source,
    situation: &Situation<'_>,
) -> Result<Verdict<'a>> {
    let assessment = assess(&candidate, situation)?;
    let (mut rejections, eligible) = (assessment.rejections, assessment.eligible);
    let passed = |verdict: Verdict<'a>, rejections: Vec<Rejection>| match rejections.is_empty() {
        true => verdict,
        false => Verdict::refused(rejections),
    };
    let Some(discount) = candidate.discount() else {
        let unlocked = candidate.rule.map(|rule| &rule.id);
        let verdict = Verdict {
            unlocked: unlocked.into_iter().collect(),
            ..Verdict::default()
        };
        return Ok(passed(verdict, rejections));
    };
    if let (true, Source::Entry(index)) = (discount.is_store_credit(), source) {
        let currency = situation.cart.currency;
        let balance = candidate
            .coupon
            .and_then(|coupon| credit_balance(coupon, currency, situation.usage));
        let verdict = Verdict {
            credit: Some(Credit {
                index,
                candidate,
                balance: balance.unwrap_or_default(),
                eligible,
                running_minimums: candidate.running_minimums(),
            }),
            ..Verdict::default()
        };
        return Ok(passed(verdict, rejections));
    }
    let plan = match plan(discount, situation.cart, &eligible)? {
        Some(Ok(plan)) => Some(plan),
        Some(Err(lacking)) => {
            rejections.push(candidate.in_own_words(Rejection {
                code: Reason::MinimumNotMet,
                level: candidate.discount_level(),
                details: lacking,
            }));
            sort_by(&mut rejections, |one, two| one.code.cmp(&two.code));
            None
        }
        None => None,
    };
    Ok(match plan.filter(|_| rejections.is_empty()) {
        None => Verdict::refused(rejections),
        Some(plan) => Verdict {
            effects: vec![Effect {
                source,
                candidate,
                discount,
                plan,
                eligible,
                narrows: candidate.narrows(),
                running_minimums: candidate.running_minimums(),
            }],
            ..Verdict::default()
        },
    })
}
