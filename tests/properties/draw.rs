//! Draws shops: any at all, or tame ones in which no discount keeps another out. Everything drawn is valid input; hostile
//! input is made in `wild` and `range`. Owns no wire shape.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;

use crate::conditions::{A_DAY, Conditions, any_conditions};
use crate::shop::{
    CODES, Company, Coupon, Customer, Entry, Foreign, LINE_IDS, Line, Policy, Rule, Shop,
};
use crate::terms::{DISTRIBUTIONS, Discount, HOSTS, Worth, any_discount, plain_discount};

/// Up to this worth, an amount may be given as often as it fits.
const MODEST: i128 = 10_000_000;

/// Shops in which anything may happen.
pub fn any_shop() -> impl Strategy<Value = Shop> {
    let entry = prop_oneof![
        8 => (0..CODES.len(), 0..4_usize).prop_map(|(place, spelling)| Entry::Code { place, spelling }),
        1 => (0..CODES.len()).prop_map(Entry::Id),
        1 => Just(Entry::Unknown),
    ];
    let foreign = weighted(
        0.15,
        vec((0..6_usize, any::<u16>(), weighted(0.5, 0..3_usize)), 1..4),
    );
    let facts = (
        any::<[u8; 4]>(),
        weighted(
            0.8,
            (any::<bool>(), 0..4_u8, 0..4_i64).prop_map(|(is_ann, groups, prior_orders)| {
                Customer {
                    is_ann,
                    groups,
                    prior_orders,
                }
            }),
        ),
        -1_440..=1_440_i64,
    );
    let cart = (
        vec(any_line(), 0..6),
        prop_oneof![Just(0), 0..5_000_i64],
        prop_oneof![3 => Just(0), 1 => 0..2_000_i64],
        foreign,
        facts,
    );
    let rules = prop_oneof![1 => Just(Vec::new()), 1 => vec(any_rule(), 1..4)];
    (
        cart,
        vec(any_coupon(), 1..5),
        rules,
        vec(entry, 0..7),
        any_policy(),
    )
        .prop_map(
            |((lines, shipping, tax, foreign, facts), coupons, rules, entries, policy)| {
                let (context, customer, zone_offset) = facts;
                let foreign = foreign.unwrap_or_default();
                let mut shop = Shop {
                    lines,
                    shipping,
                    tax,
                    foreign: Vec::new(),
                    context: context.map(|dice| [Some(0), Some(1), None][usize::from(dice % 3)]),
                    customer,
                    zone_offset,
                    coupons,
                    rules,
                    entries,
                    policy,
                };
                settle_places(&mut shop);
                shop.foreign = foreign_discounts(&shop, &foreign);
                bound_amounts(&mut shop);
                shop
            },
        )
}

/// Shops without any of what came after percentages and amounts, in these modes, where no coupon keeps another out.
pub fn plain_shop(modes: &'static [&'static str]) -> impl Strategy<Value = Shop> {
    let coupon = (any_coupon(), plain_discount()).prop_map(|(coupon, discount)| Coupon {
        discount: Some(discount),
        rules: Vec::new(),
        on_code: None,
        conditions: Conditions {
            include: coupon.conditions.include,
            exclude: coupon.conditions.exclude,
            minimum: coupon
                .conditions
                .minimum
                .filter(|_| !coupon.conditions.is_running),
            ..Conditions::default()
        },
        ..coupon
    });
    let shops = (tame_shop(modes), vec(coupon, 1..5));
    shops.prop_map(|(mut shop, coupons)| {
        shop.tax = 0;
        shop.foreign = Vec::new();
        shop.rules = Vec::new();
        shop.policy = Policy::plain(shop.policy.mode, shop.policy.rounding);
        shop.coupons = coupons;
        shop.coupons
            .iter_mut()
            .for_each(|coupon| coupon.company = tamed(&coupon.company));
        settle_places(&mut shop);
        shop.entering_all()
    })
}

/// Shops of these modes with every kind of discount, where none keeps another out: no exclusivity, no categories, no
/// running minimums, no stop, nothing that replaces or gives way, no rule behind two coupons, no ceiling on the codes.
pub fn tame_shop(modes: &'static [&'static str]) -> impl Strategy<Value = Shop> {
    (any_shop(), proptest::sample::select(modes)).prop_map(|(mut shop, mode)| {
        let mut linked = Vec::new();
        for coupon in &mut shop.coupons {
            coupon.company = tamed(&coupon.company);
            coupon.conditions.is_running = false;
            if let Some((conditions, _)) = &mut coupon.on_code {
                conditions.is_running = false;
            }
            coupon.rules.retain(|rule| !linked.contains(rule));
            linked.extend(&coupon.rules);
        }
        for rule in &mut shop.rules {
            rule.company = tamed(&rule.company);
            rule.conditions.is_running = false;
            rule.interaction = None;
        }
        shop.policy = Policy {
            mode,
            order: "priority",
            on_inapplicable: "partial",
            max_codes: 30,
            max_per_category: None,
            one_per_line: false,
            interaction: "alongside",
            ..shop.policy
        };
        shop.entering_all()
    })
}

fn tamed(company: &Company) -> Company {
    Company {
        exclusive: false,
        combines: None,
        stop_after: false,
        ..company.clone()
    }
}

/// Gives lines, coupons and rules the names of their places, and lets entries and links point at what is there.
fn settle_places(shop: &mut Shop) {
    for (line, id) in shop.lines.iter_mut().zip(LINE_IDS) {
        id.clone_into(&mut line.id);
    }
    for (place, rule) in shop.rules.iter_mut().enumerate() {
        rule.place = place;
    }
    let rules = &shop.rules;
    for (place, coupon) in shop.coupons.iter_mut().enumerate() {
        coupon.place = place;
        let may_link = |at: &usize| rules.get(*at).is_some_and(|rule| rule.gate != "automatic");
        coupon.rules.retain(may_link);
        if !coupon.rules.is_empty() {
            coupon.discount = None;
        }
        if coupon.discount.as_ref().is_some_and(Discount::is_credit) {
            coupon.rules.clear();
        }
    }
    let count = shop.coupons.len();
    for entry in &mut shop.entries {
        if let Entry::Code { place, .. } | Entry::Id(place) = entry {
            *place %= count;
        }
    }
}

/// Of a line at most what it costs.
fn foreign_discounts(shop: &Shop, drawn: &[(usize, u16, Option<usize>)]) -> Vec<Foreign> {
    let mut given: Vec<Foreign> = Vec::new();
    for (place, dice, rule) in drawn {
        let Some(line) = shop.lines.get(*place) else {
            continue;
        };
        let so_far = given.iter().filter(|one| one.line_id == line.id);
        let room = line.subtotal() - so_far.map(|one| i128::from(one.amount)).sum::<i128>();
        let amount = i64::try_from(room.min(i128::from(*dice) % 700 + 1)).unwrap();
        if amount > 0 {
            given.push(Foreign {
                line_id: line.id.clone(),
                amount,
                rule: *rule,
            });
        }
    }
    given
}

/// An amount for every so much of a huge cart would leave 64 bits.
fn bound_amounts(shop: &mut Shop) {
    if shop.subtotal() <= MODEST {
        return;
    }
    let of_coupons = shop.coupons.iter_mut().map(|coupon| &mut coupon.discount);
    let of_rules = shop.rules.iter_mut().map(|rule| &mut rule.discount);
    for discount in of_coupons.chain(of_rules).flatten() {
        if let Worth::Every { times, .. } = &mut discount.worth {
            *times = times.or(Some(3));
        }
    }
}

fn any_policy() -> impl Strategy<Value = Policy> {
    let mode = prop_oneof![
        8 => Just("additive"),
        8 => Just("sequential"),
        2 => Just("best"),
        2 => Just("best_combination"),
        1 => Just("first"),
        1 => Just("none"),
    ];
    let order = prop_oneof![
        6 => Just("priority"),
        1 => Just("requested"),
        1 => Just("fixed_first"),
        1 => Just("percent_first"),
    ];
    let of_stacking = (
        mode,
        order,
        proptest::sample::select(&["reject_new", "keep_best"]),
        prop_oneof![5 => Just("partial"), 1 => Just("all_or_nothing")],
        prop_oneof![3 => Just(30), 1 => 1..4_i64],
        weighted(0.1, (0..2_usize, 1..3_i64)),
        weighted(0.1, Just(())),
    );
    let distribution = prop_oneof![
        6 => Just("proportional"),
        2 => proptest::sample::select(&DISTRIBUTIONS),
        2 => proptest::sample::select(&HOSTS),
    ];
    let of_sums = (
        proptest::sample::select(&["half_up", "half_even", "half_down", "floor"]),
        prop_oneof![3 => Just("coupon"), 1 => Just("line"), 1 => Just("unit")],
        distribution,
        weighted(0.15, 1..10_000_i64),
        weighted(0.15, 1..2_000_i64),
        prop_oneof![5 => Just(true), 1 => Just(false)],
    );
    let of_others = (
        proptest::sample::select(&["alongside", "suppress_ours", "subtract_from_base"]),
        prop_oneof![5 => Just("alongside"), 1 => Just("code_replaces"), 1 => Just("automatic_replaces")],
    );
    (of_stacking, of_sums, of_others).prop_map(|(stacking, sums, (foreign, interaction))| {
        let (mode, order, on_conflict, on_inapplicable, max_codes, max_per_category, one) =
            stacking;
        let (rounding, rounding_point, distribution, global_cap, min_payable, allow_zero) = sums;
        Policy {
            mode,
            rounding,
            rounding_point,
            distribution,
            order,
            on_conflict,
            on_inapplicable,
            max_codes,
            max_per_category,
            one_per_line: one.is_some(),
            global_cap,
            foreign,
            interaction,
            min_payable,
            allow_zero,
        }
    })
}

fn any_line() -> impl Strategy<Value = Line> {
    let price = prop_oneof![6 => 0..3_000_i64, 3 => 0..8_i64, 1 => 0..=1_000_000_000_000_i64];
    let quantity = prop_oneof![5 => Just(1), 4 => 1..9_i64, 1 => 1..=1_000_000_i64];
    // The last three: not discountable, a gift card, on sale; one line in sixteen each.
    (price, quantity, 0..8_u8, 0..16_u8).prop_map(|(unit_price, quantity, ids, kind)| Line {
        id: String::new(),
        unit_price,
        quantity,
        ids,
        discountable: kind != 15,
        gift_card: kind == 14,
        on_sale: kind == 13,
    })
}

fn any_company() -> impl Strategy<Value = Company> {
    let with_foreign = weighted(0.1, proptest::sample::select(&["alongside", "suppress"]));
    (-1..2_i64, 0..16_u8, 0..2_usize, 0..2_usize, with_foreign).prop_map(
        |(priority, rarity, own, other, with_foreign)| Company {
            priority,
            exclusive: rarity == 1,
            combines: (rarity == 2 || rarity == 3).then_some((own, other)),
            stop_after: rarity == 4,
            with_foreign,
        },
    )
}

fn any_coupon() -> impl Strategy<Value = Coupon> {
    let links =
        prop_oneof![3 => Just(Vec::new()), 1 => proptest::sample::subsequence(vec![0, 1, 2], 1..3)];
    let on_code = weighted(0.15, (any_conditions(), 0..4 * A_DAY));
    (
        any_discount(),
        links,
        any_conditions(),
        on_code,
        any::<bool>(),
        any_company(),
    )
        .prop_map(
            |(discount, rules, conditions, on_code, overrides_dates, company)| Coupon {
                place: 0,
                discount: Some(discount),
                rules,
                conditions,
                on_code,
                overrides_dates,
                company,
            },
        )
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let gate = prop_oneof![3 => Just("automatic"), 4 => Just("coupon"), 2 => Just("external")];
    let interaction = weighted(
        0.15,
        proptest::sample::select(&["alongside", "code_replaces", "automatic_replaces"]),
    );
    (
        gate,
        any_discount(),
        any_conditions(),
        interaction,
        any_company(),
    )
        .prop_map(|(gate, discount, conditions, interaction, company)| Rule {
            place: 0,
            gate,
            discount: match discount.is_credit() {
                _ if gate == "external" => None,
                true => Some(Discount::plain(Worth::Amount(250))),
                false => Some(discount),
            },
            conditions,
            interaction,
            company,
        })
}
