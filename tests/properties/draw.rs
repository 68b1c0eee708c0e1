//! Draws shops: any at all, or tame ones in which no discount keeps another out. Everything drawn is valid input; hostile
//! input is made in `wild` and `range`. Owns no wire shape.

use proptest::prelude::*;

use crate::conditions::{A_DAY, Conditions, any_conditions};
use crate::dice::Dice;
use crate::shop::{
    CODES, Company, Coupon, Customer, Entry, Foreign, LINE_IDS, Line, Policy, Rule, Shop,
};
use crate::terms::{DISTRIBUTIONS, Discount, HOSTS, Worth, any_discount, plain_discount};

const ROUNDINGS: [&str; 4] = ["half_up", "half_even", "half_down", "floor"];
/// Up to this worth, an amount may be given as often as it fits.
const MODEST: i128 = 10_000_000;

/// Shops in which anything may happen.
pub fn any_shop() -> impl Strategy<Value = Shop> {
    Dice::drawing(draw_shop)
}

fn draw_shop(dice: &mut Dice) -> Shop {
    let mut shop = Shop {
        lines: dice.several(0, 5, any_line),
        shipping: if dice.chance(50) {
            dice.within(0, 4_999)
        } else {
            0
        },
        tax: if dice.chance(25) {
            dice.within(0, 1_999)
        } else {
            0
        },
        foreign: Vec::new(),
        context: [(); 4].map(|()| dice.pick(&[None, Some(0), Some(1)])),
        customer: dice.maybe(80, |dice| Customer {
            is_ann: dice.chance(50),
            groups: dice.bits(2),
            prior_orders: dice.within(0, 3),
        }),
        zone_offset: dice.within(-1_440, 1_440),
        coupons: dice.several(1, 4, any_coupon),
        rules: if dice.chance(50) {
            dice.several(1, 3, any_rule)
        } else {
            Vec::new()
        },
        entries: dice.several(0, 6, |dice| match dice.within(0, 9) {
            8 => Entry::Id(dice.place(CODES.len())),
            9 => Entry::Unknown,
            _ => Entry::Code {
                place: dice.place(CODES.len()),
                spelling: dice.place(4),
            },
        }),
        policy: any_policy(dice),
    };
    settle_places(&mut shop);
    if dice.chance(15) {
        let drawn = dice.several(1, 3, |dice| {
            (
                dice.place(6),
                dice.within(1, 700),
                dice.maybe(50, |dice| dice.place(3)),
            )
        });
        shop.foreign = foreign_discounts(&shop, &drawn);
    }
    bound_amounts(&mut shop);
    shop
}

/// Shops without any of what came after percentages and amounts, in these modes, where no coupon keeps another out.
pub fn plain_shop(modes: &'static [&'static str]) -> impl Strategy<Value = Shop> {
    let draw = |dice: &mut Dice| {
        let coupons = dice.several(1, 4, any_plain_coupon);
        let (lines, shipping) = (dice.several(0, 5, any_line), dice.within(0, 4_999));
        let rounding = dice.pick(&ROUNDINGS);
        let mut shop = Shop {
            lines,
            shipping,
            tax: 0,
            foreign: Vec::new(),
            context: [None; 4],
            customer: None,
            zone_offset: 0,
            coupons,
            rules: Vec::new(),
            entries: Vec::new(),
            policy: Policy::plain("additive", rounding),
        };
        settle_places(&mut shop);
        shop.entering_all()
    };
    (Dice::drawing(draw), proptest::sample::select(modes)).prop_map(|(mut shop, mode)| {
        shop.policy.mode = mode;
        shop
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
        coupon.rules.dedup();
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
fn foreign_discounts(shop: &Shop, drawn: &[(usize, i64, Option<usize>)]) -> Vec<Foreign> {
    let mut given: Vec<Foreign> = Vec::new();
    for (place, wanted, rule) in drawn {
        let Some(line) = shop.lines.get(*place) else {
            continue;
        };
        let so_far = given.iter().filter(|one| one.line_id == line.id);
        let room = line.subtotal() - so_far.map(|one| i128::from(one.amount)).sum::<i128>();
        let amount = i64::try_from(room.min(i128::from(*wanted))).unwrap();
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

fn any_policy(dice: &mut Dice) -> Policy {
    let mode = match dice.within(0, 21) {
        0..=7 => "additive",
        8..=15 => "sequential",
        16 | 17 => "best",
        18 | 19 => "best_combination",
        20 => "first",
        _ => "none",
    };
    let distribution = match dice.within(0, 9) {
        0..=5 => "proportional",
        6 | 7 => dice.pick(&DISTRIBUTIONS),
        _ => dice.pick(&HOSTS),
    };
    Policy {
        mode,
        rounding: dice.pick(&ROUNDINGS),
        rounding_point: dice.pick(&["coupon", "coupon", "coupon", "line", "unit"]),
        distribution,
        order: match dice.chance(33) {
            true => dice.pick(&["requested", "fixed_first", "percent_first"]),
            false => "priority",
        },
        on_conflict: dice.pick(&["reject_new", "keep_best"]),
        on_inapplicable: if dice.chance(16) {
            "all_or_nothing"
        } else {
            "partial"
        },
        max_codes: if dice.chance(25) {
            dice.within(1, 3)
        } else {
            30
        },
        max_per_category: dice.maybe(10, |dice| (dice.place(2), dice.within(1, 2))),
        one_per_line: dice.chance(10),
        global_cap: dice.maybe(15, |dice| dice.within(1, 9_999)),
        foreign: dice.pick(&["alongside", "suppress_ours", "subtract_from_base"]),
        interaction: match dice.chance(25) {
            true => dice.pick(&["code_replaces", "automatic_replaces"]),
            false => "alongside",
        },
        min_payable: dice.maybe(15, |dice| dice.within(1, 1_999)),
        allow_zero: !dice.chance(16),
    }
}

fn any_line(dice: &mut Dice) -> Line {
    let unit_price = match dice.within(0, 9) {
        0..=2 => dice.within(0, 7),
        3..=8 => dice.within(0, 2_999),
        _ => dice.within(0, 1_000_000_000_000),
    };
    let quantity = match dice.within(0, 9) {
        0..=4 => 1,
        5..=8 => dice.within(1, 8),
        _ => dice.within(1, 1_000_000),
    };
    // The last three: not discountable, a gift card, on sale; one line in sixteen each.
    let kind = dice.within(0, 15);
    Line {
        id: String::new(),
        unit_price,
        quantity,
        ids: dice.bits(3),
        discountable: kind != 15,
        gift_card: kind == 14,
        on_sale: kind == 13,
    }
}

fn any_company(dice: &mut Dice) -> Company {
    let rarity = dice.within(0, 15);
    Company {
        priority: dice.pick(&[0, 1, -1]),
        exclusive: rarity == 15,
        combines: (rarity == 13 || rarity == 14).then(|| (dice.place(2), dice.place(2))),
        stop_after: rarity == 12,
        with_foreign: dice.maybe(10, |dice| dice.pick(&["alongside", "suppress"])),
    }
}

fn any_coupon(dice: &mut Dice) -> Coupon {
    Coupon {
        place: 0,
        discount: Some(any_discount(dice)),
        rules: match dice.chance(25) {
            true => dice
                .pick(&[[0, 1], [1, 0], [0, 2], [2, 2], [1, 1], [0, 0]])
                .to_vec(),
            false => Vec::new(),
        },
        conditions: any_conditions(dice),
        on_code: dice.maybe(15, |dice| (any_conditions(dice), dice.within(0, 4 * A_DAY))),
        overrides_dates: dice.chance(50),
        company: any_company(dice),
    }
}

fn any_plain_coupon(dice: &mut Dice) -> Coupon {
    let drawn = any_conditions(dice);
    let company = any_company(dice);
    Coupon {
        place: 0,
        discount: Some(plain_discount(dice)),
        rules: Vec::new(),
        conditions: Conditions {
            include: drawn.include,
            exclude: drawn.exclude,
            minimum: drawn.minimum.filter(|_| !drawn.is_running),
            ..Conditions::default()
        },
        on_code: None,
        overrides_dates: false,
        company: tamed(&company),
    }
}

fn any_rule(dice: &mut Dice) -> Rule {
    let gates = [
        "automatic",
        "coupon",
        "coupon",
        "external",
        "automatic",
        "coupon",
    ];
    let gate = dice.pick(&gates);
    let mut discount = any_discount(dice);
    if discount.is_credit() {
        discount = Discount::plain(Worth::Amount(250));
    }
    Rule {
        place: 0,
        gate,
        discount: (gate != "external").then_some(discount),
        conditions: any_conditions(dice),
        interaction: dice.maybe(15, |dice| {
            dice.pick(&["alongside", "code_replaces", "automatic_replaces"])
        }),
        company: any_company(dice),
    }
}
