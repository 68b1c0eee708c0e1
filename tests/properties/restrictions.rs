//! Who may use what, against the plain reading of each restriction in `conditions`: what is told is what fails, and what
//! fails takes nothing (semantics §9 – §12, §17, §24). Also what is refused at all, and what external rules may not do.

use std::collections::BTreeSet;

use coupon_engine::eligibility::{Reason, Rejection};
use coupon_engine::operation::OutcomeState;
use proptest::prelude::*;

use crate::conditions::{A_DAY, Conditions, any_dates};
use crate::dice::Dice;
use crate::draw::{any_shop, plain_shop};
use crate::hold::{hold, hold_where};
use crate::shop::{Behind, Coupon, Entry, Line, Shop, is_ours};

/// Those that are told if and only if they hold by `conditions`; the discounts themselves can be in want of the others.
const EXACT: [Reason; 9] = [
    Reason::NotStarted,
    Reason::Expired,
    Reason::OutsideSchedule,
    Reason::CustomerRequired,
    Reason::CustomerNotAllowed,
    Reason::NotFirstOrder,
    Reason::OrderNumberMismatch,
    Reason::ContextMismatch,
    Reason::MaximumExceeded,
];

/// Every reason against it that can be read off the restrictions alone.
fn unmet(shop: &Shop, behind: &Behind<'_>) -> BTreeSet<Reason> {
    let is_credit = behind.coupon.and_then(|coupon| coupon.discount.as_ref());
    let is_credit = is_credit.is_some_and(|discount| discount.is_credit());
    // A credit may pay for what discounts may not touch.
    let is_eligible = |line: &&Line| {
        !line.gift_card
            && (is_credit || line.discountable)
            && behind.conditions().iter().all(|one| one.covers(line))
    };
    let eligible: Vec<&Line> = shop.lines.iter().filter(is_eligible).collect();
    let all = behind.conditions();
    let mut unmet: BTreeSet<Reason> = all
        .iter()
        .flat_map(|one| one.unmet(shop, &eligible))
        .collect();
    unmet.extend(untimely(behind));
    unmet
}

fn untimely(behind: &Behind<'_>) -> Vec<Reason> {
    let on_code = behind.coupon.filter(|_| behind.by_code);
    let on_code = on_code.and_then(|coupon| coupon.on_code.as_ref());
    let end = |one: &Conditions| {
        let issued = on_code.map(|(_, age)| -age);
        let last = issued
            .zip(one.valid_for_days)
            .map(|(at, days)| at + days * A_DAY);
        [one.expires, last].into_iter().flatten().min()
    };
    let mut ends = Vec::new();
    let mut starts = Vec::new();
    if let Some(coupon) = behind.coupon {
        let overriding = on_code
            .filter(|_| coupon.overrides_dates)
            .map(|(own, _)| own);
        let own_start = overriding.is_some_and(|own| own.starts.is_some());
        let own_end = overriding.is_some_and(|own| own.expires.or(own.valid_for_days).is_some());
        starts.extend(coupon.conditions.starts.filter(|_| !own_start));
        ends.extend(end(&coupon.conditions).filter(|_| !own_end));
    }
    if let Some((own, _)) = on_code {
        starts.extend(own.starts);
        ends.extend(end(own));
    }
    if let Some(rule) = behind.rule {
        starts.extend(rule.conditions.starts);
        ends.extend(rule.conditions.expires);
    }
    let mut reasons = Vec::new();
    reasons.extend(
        starts
            .iter()
            .any(|at| *at > 0)
            .then_some(Reason::NotStarted),
    );
    reasons.extend(ends.iter().any(|at| *at < 0).then_some(Reason::Expired));
    reasons
}

/// The entries of a coupon with a discount of its own, but for repetitions.
fn judged_alone(shop: &Shop) -> Vec<(usize, Behind<'_>)> {
    let mut seen = Vec::new();
    let mut judged = Vec::new();
    for (index, entry) in shop.entries.iter().enumerate() {
        let (place, by_code) = match entry {
            Entry::Code { place, .. } => (*place, true),
            Entry::Id(place) => (*place, false),
            Entry::Unknown => continue,
        };
        let Some(coupon) = shop.coupons.get(place).filter(|one| one.discount.is_some()) else {
            continue;
        };
        if !seen.contains(&(place, by_code)) {
            seen.push((place, by_code));
            let coupon = Some(coupon);
            judged.push((
                index,
                Behind {
                    coupon,
                    by_code,
                    rule: None,
                },
            ));
        }
    }
    judged
}

fn told<'q>(first: Option<&'q Rejection>, also: &'q [Rejection]) -> Vec<&'q Rejection> {
    first.into_iter().chain(also).collect()
}

#[test]
fn restrictions_every_unmet_one_is_told_and_no_other() {
    hold_where(8, &any_shop(), |shop| {
        let quote = shop.quote();
        let mut any = false;
        let mut check = |behind: Behind<'_>, rejections: Vec<&Rejection>| {
            let told: BTreeSet<Reason> = rejections.iter().map(|one| one.code).collect();
            let unmet = unmet(&shop, &behind);
            for reason in EXACT {
                prop_assert_eq!(
                    told.contains(&reason),
                    unmet.contains(&reason),
                    "{:?}",
                    reason
                );
            }
            prop_assert!(unmet.is_subset(&told), "{unmet:?} are unmet, {told:?} told");
            any |= !unmet.is_empty();
            Ok(())
        };
        for (index, behind) in judged_alone(&shop) {
            let outcome = &quote.codes[index];
            check(behind, told(outcome.rejection.as_ref(), &outcome.also))?;
        }
        for outcome in &quote.automatic {
            let rule = shop.rules.iter().find(|rule| rule.id() == outcome.rule_id);
            let behind = Behind {
                coupon: None,
                by_code: false,
                rule,
            };
            check(behind, told(outcome.rejection.as_ref(), &outcome.also))?;
        }
        Ok(any)
    });
}

/// Dates on the coupon and on its code, of which the second narrow the first or stand in their place (semantics §17).
#[test]
fn restrictions_a_code_s_own_dates_narrow_the_coupon_s_or_stand_in_their_place() {
    let dates = Dice::drawing(|dice| {
        [(); 4].map(|()| {
            let (of_coupon, of_code) = (
                any_dates(dice, Conditions::default()),
                any_dates(dice, Conditions::default()),
            );
            (of_coupon, of_code, dice.within(0, 4 * A_DAY))
        })
    });
    let shops = (plain_shop(&["additive"]), dates).prop_map(|(mut shop, dates)| {
        for (coupon, (of_coupon, of_code, age)) in shop.coupons.iter_mut().zip(dates) {
            coupon.overrides_dates = coupon.company.priority != 0;
            coupon.conditions = of_coupon;
            coupon.on_code = Some((of_code, age));
        }
        shop
    });
    hold_where(2, &shops, |shop| {
        let quote = shop.quote();
        let mut any = false;
        for (index, behind) in judged_alone(&shop) {
            let outcome = &quote.codes[index];
            let told: BTreeSet<Reason> = told(outcome.rejection.as_ref(), &outcome.also)
                .into_iter()
                .map(|one| one.code)
                .filter(|code| [Reason::NotStarted, Reason::Expired].contains(code))
                .collect();
            any |= !told.is_empty();
            prop_assert_eq!(told, BTreeSet::from_iter(untimely(&behind)));
        }
        Ok(any)
    });
}

#[test]
fn restrictions_nothing_applies_with_one_unmet() {
    hold_where(3, &any_shop(), |shop| {
        let quote = shop.quote();
        let ours = quote.adjustments.iter().filter(|one| is_ours(one));
        let mut applied: Vec<Behind<'_>> = ours.map(|one| shop.behind(one)).collect();
        applied.extend(quote.credits.iter().map(|credit| Behind {
            coupon: shop.coupons.iter().find(|one| one.id() == credit.coupon_id),
            by_code: credit.code.is_some(),
            rule: None,
        }));
        for behind in &applied {
            let unmet = unmet(&shop, behind);
            prop_assert!(unmet.is_empty(), "{unmet:?}");
            for one in behind.conditions().iter().filter(|one| one.coupons != 0) {
                let is_beside = |coupon: &Coupon| is_entered_and_good(&shop, coupon);
                let beside = shop
                    .coupons
                    .iter()
                    .filter(|other| one.coupons & (1 << other.place) != 0);
                prop_assert!(beside.into_iter().any(is_beside), "no coupon beside it");
            }
        }
        Ok(!applied.is_empty())
    });
}

/// Whether it is entered in a way in which its own restrictions hold. Those of linked rules are not looked into.
fn is_entered_and_good(shop: &Shop, coupon: &Coupon) -> bool {
    shop.entries.iter().any(|entry| {
        let by_code = match entry {
            Entry::Code { place, .. } if *place == coupon.place => true,
            Entry::Id(place) if *place == coupon.place => false,
            _ => return false,
        };
        let behind = Behind {
            coupon: Some(coupon),
            by_code,
            rule: None,
        };
        !coupon.rules.is_empty() || unmet(shop, &behind).is_empty()
    })
}

/// Semantics §9: on what is left when its turn comes. What the shop's caps took back stood there then, so shops with any
/// taken back are left out.
#[test]
fn restrictions_a_running_minimum_is_met_when_its_turn_comes() {
    let shops = any_shop().prop_map(|mut shop| {
        shop.policy.global_cap = None;
        shop.policy.min_payable = None;
        shop.policy.allow_zero = true;
        for coupon in &mut shop.coupons {
            coupon.conditions.is_running = true;
        }
        shop
    });
    hold_where(40, &shops, |shop| {
        let quote = shop.quote();
        let mut any = false;
        let mut left: Vec<i128> = shop.lines.iter().map(Line::subtotal).collect();
        for adjustment in &quote.adjustments {
            if is_ours(adjustment) {
                let behind = shop.behind(adjustment);
                for one in behind.conditions().iter().filter(|one| one.is_running) {
                    let Some(bound) = one.minimum.filter(|bound| bound.amount.is_some()) else {
                        continue;
                    };
                    let counts = |line: &Line| match bound.of_eligible_lines {
                        true => behind.covers(line),
                        false => !line.gift_card,
                    };
                    let counted = shop
                        .lines
                        .iter()
                        .zip(&left)
                        .filter(|(line, _)| counts(line));
                    let worth: i128 = counted.map(|(_, left)| left).sum();
                    prop_assert!(worth >= bound.amount.unwrap().into(), "{worth} is left");
                    any = true;
                }
            }
            for share in &adjustment.lines {
                let place = shop
                    .lines
                    .iter()
                    .position(|line| line.id == share.line_id)
                    .unwrap();
                left[place] -= i128::from(share.amount.minor());
            }
        }
        Ok(any)
    });
}

#[test]
fn reasons_every_refused_one_says_why_in_the_closed_order() {
    hold(&any_shop(), |shop| {
        let quote = shop.quote();
        let of_codes = quote
            .codes
            .iter()
            .map(|one| (one.state, &one.rejection, &one.also));
        let of_rules = quote
            .automatic
            .iter()
            .map(|one| (one.state, &one.rejection, &one.also));
        for (state, first, also) in of_codes.chain(of_rules) {
            let reasons = told(first.as_ref(), also);
            prop_assert_eq!(state == OutcomeState::Applied, first.is_none());
            prop_assert!(reasons.is_sorted_by_key(|one| one.code), "{reasons:?}");
            if first.is_none() {
                // What an applied code says besides is of its other rules.
                prop_assert!(also.iter().all(|one| one.details.rule_id.is_some()));
                continue;
            }
            let parks = reasons.iter().all(|one| one.code.parks());
            let is_parked = state == OutcomeState::Parked;
            prop_assert_eq!(is_parked, parks && !reasons.is_empty(), "{:?}", reasons);
        }
        Ok(())
    });
}

#[test]
fn rules_external_ones_take_nothing_and_are_unlocked_by_what_applies() {
    hold_where(150, &any_shop(), |shop| {
        let quote = shop.quote();
        for adjustment in quote.adjustments.iter().filter(|one| is_ours(one)) {
            let rule = shop.behind(adjustment).rule;
            prop_assert!(rule.is_none_or(|rule| rule.gate != "external"));
        }
        for id in &quote.unlocked {
            let rule = shop.rules.iter().find(|rule| rule.id() == *id).unwrap();
            prop_assert_eq!(rule.gate, "external");
            let opens = |coupon: &&Coupon| coupon.rules.contains(&rule.place);
            let openers = shop.coupons.iter().filter(opens);
            let is_open = |coupon: &Coupon, by_code| {
                let behind = Behind {
                    coupon: Some(coupon),
                    by_code,
                    rule: Some(rule),
                };
                unmet(&shop, &behind).is_empty()
            };
            let opened = quote
                .codes
                .iter()
                .filter(|one| one.state == OutcomeState::Applied);
            let opened: Vec<_> = opened
                .map(|one| (one.coupon_id.clone(), one.code.is_some()))
                .collect();
            let mut openers = openers.flat_map(|coupon| [(coupon, true), (coupon, false)]);
            let is_unlocked = openers.any(|(coupon, by_code)| {
                opened.contains(&(Some(coupon.id()), by_code)) && is_open(coupon, by_code)
            });
            prop_assert!(is_unlocked, "{id} is opened by none");
        }
        Ok(!quote.unlocked.is_empty())
    });
}

#[test]
fn rules_none_applies_by_itself_but_automatic_ones() {
    hold_where(12, &any_shop(), |mut shop| {
        shop.entries = Vec::new();
        let quote = shop.quote();
        let ours: Vec<_> = quote
            .adjustments
            .iter()
            .filter(|one| is_ours(one))
            .collect();
        for adjustment in &ours {
            let behind = shop.behind(adjustment);
            prop_assert!(behind.coupon.is_none());
            prop_assert!(behind.rule.is_some_and(|rule| rule.gate == "automatic"));
        }
        prop_assert!(quote.unlocked.is_empty() && quote.credits.is_empty());
        prop_assert!(shop.policy.mode != "none" || ours.is_empty());
        Ok(!ours.is_empty())
    });
}
