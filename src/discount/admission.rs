//! Who may compete at all (semantics §8): discounts that give way to the host's own, and the shop's setting for automatic
//! discounts and codes (S1.3). Owns those two questions; what competes is decided elsewhere.

use super::effect::{Effect, Source};
use super::selection::Selector;
use super::stacked::because_of;
use crate::eligibility::{Level, Reason, Rejection};
use crate::error::Result;
use crate::model::{ForeignDiscounts, Interaction, Policy, WithForeign};

/// The places of effects that compete, and the others with what turned them away.
type Admitted = (Vec<usize>, Vec<(usize, Rejection)>);

/// Turns away what gives way to others before anything is taken off.
pub(super) fn admit(
    effects: &[Effect<'_>],
    selector: &Selector<'_, '_>,
    has_foreign: bool,
    policy: &Policy,
) -> Result<Admitted> {
    let gives_way = |effect: &Effect<'_>| has_foreign && gives_way_to_foreign(effect, policy);
    let mut open = Vec::with_capacity(effects.len());
    let mut turned_away = Vec::new();
    for (place, effect) in effects.iter().enumerate() {
        match gives_way(effect) {
            true => {
                let rejection = Rejection::plain(Reason::ForeignCouponPresent, Level::Coupon);
                turned_away.push((place, rejection));
            }
            false => open.push(place),
        }
    }
    if let Some((setting, by)) = replacement(effects, &open, selector, policy)? {
        let by = by.iter().filter_map(|place| effects.get(*place));
        let names: Vec<&str> = by.map(Effect::name).collect();
        let is_replaced = |place: &usize| {
            effects
                .get(*place)
                .is_some_and(|effect| is_replaced(effect, setting, policy))
        };
        for place in open.iter().copied().filter(is_replaced) {
            turned_away.push((place, because_of(Reason::NotCombinable, &names)));
        }
        open.retain(|place| !is_replaced(place));
    }
    Ok((open, turned_away))
}

fn gives_way_to_foreign(effect: &Effect<'_>, policy: &Policy) -> bool {
    let of_rule = effect.candidate.rule.and_then(|rule| rule.with_foreign);
    let of_coupon = effect
        .candidate
        .coupon
        .and_then(|coupon| coupon.with_foreign);
    match of_rule.or(of_coupon) {
        Some(own) => own == WithForeign::Suppress,
        None => policy.foreign_discounts == ForeignDiscounts::SuppressOurs,
    }
}

/// Which setting takes effect, and the places of what replaces the others.
fn replacement(
    effects: &[Effect<'_>],
    open: &[usize],
    selector: &Selector<'_, '_>,
    policy: &Policy,
) -> Result<Option<(Interaction, Vec<usize>)>> {
    for setting in [Interaction::AutomaticReplaces, Interaction::CodeReplaces] {
        let is_set = open
            .iter()
            .filter_map(|place| effects.get(*place))
            .any(|effect| interaction(effect, policy) == Some(setting));
        if !is_set {
            continue;
        }
        let mut replacing = Vec::new();
        for &place in open {
            let may_replace = effects.get(place).is_some_and(|effect| match setting {
                Interaction::AutomaticReplaces => interaction(effect, policy) == Some(setting),
                _ => effect.is_entered(),
            });
            if may_replace && !selector.walk(&[place], usize::MAX, None)?.is_empty() {
                replacing.push(place);
            }
        }
        if !replacing.is_empty() {
            return Ok(Some((setting, replacing)));
        }
    }
    Ok(None)
}

fn is_replaced(effect: &Effect<'_>, setting: Interaction, policy: &Policy) -> bool {
    match setting {
        Interaction::AutomaticReplaces => effect.is_entered(),
        _ => interaction(effect, policy) == Some(setting),
    }
}

/// How an automatic effect stands to codes; `None` for one that came by a code.
fn interaction(effect: &Effect<'_>, policy: &Policy) -> Option<Interaction> {
    match effect.source {
        Source::Entry(_) => None,
        Source::Automatic(_) => {
            let own = effect.candidate.rule.and_then(|rule| rule.interaction);
            Some(own.unwrap_or(policy.interaction))
        }
    }
}
