//! Random restrictions as small models, their spelling on the wire, and when each holds, worked out here from the rules'
//! text (semantics §9 – §12, §17). What they guard is made in `shop`.

use std::collections::BTreeSet;

use coupon_engine::eligibility::Reason;
use coupon_engine::model::Value;

use crate::dice::Dice;
use crate::shop::{Line, Shop, coupon_id, egp, list, minor, named, product_ids, text, value_of};

pub const A_DAY: i64 = 86_400_000;
pub const ZONE: &str = "Africa/Cairo";
pub const GROUPS: [&str; 2] = ["staff", "vip"];
/// The four facts of a checkout, and how the restriction on each is called.
pub const CONTEXT: [(&str, &str); 4] = [
    ("channel", "channels"),
    ("country", "countries"),
    ("paymentMethod", "paymentMethods"),
    ("shippingMethod", "shippingMethods"),
];
pub const CONTEXT_WORDS: [&str; 2] = ["one", "other"];
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A least or a most, in money or in units.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    pub amount: Option<i64>,
    pub quantity: Option<i64>,
    pub of_eligible_lines: bool,
}

/// Minutes of the day; `to` is 1 … 1440, and less than `from` where the window goes on past midnight.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Bits from Monday on.
    pub days: u8,
    pub from: i64,
    pub to: i64,
}

/// Restrictions of a coupon, a code or a rule; the default restricts nothing.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// Bits over the product ids; 0 for every product.
    pub include: u8,
    pub exclude: u8,
    pub requires_all: bool,
    pub exclude_on_sale: bool,
    pub minimum: Option<Bound>,
    /// Whether the minimum is on what earlier discounts left.
    pub is_running: bool,
    pub maximum: Option<Bound>,
    /// Bits over [`CONTEXT_WORDS`]; 0 for any.
    pub context: [u8; 4],
    /// Bits over [`GROUPS`]; 0 for any.
    pub groups: u8,
    /// Whether it is for the customer `ann`.
    pub for_ann: bool,
    pub first_order_only: bool,
    pub order_number: Option<(i64, i64)>,
    /// Milliseconds from now.
    pub starts: Option<i64>,
    pub expires: Option<i64>,
    pub valid_for_days: Option<i64>,
    pub windows: Vec<Window>,
    /// Bits over the places of coupons; 0 for none needed.
    pub coupons: u8,
}

impl Conditions {
    pub fn covers(&self, line: &Line) -> bool {
        (self.include == 0 || self.include & line.ids != 0)
            && self.exclude & line.ids == 0
            && !(self.exclude_on_sale && line.on_sale)
    }

    /// Which of the reasons that do not depend on other discounts, on dates or on limits stand against these.
    pub fn unmet(&self, shop: &Shop, eligible: &[&Line]) -> BTreeSet<Reason> {
        let mut unmet = BTreeSet::new();
        let mut note = |reason, is_unmet: bool| {
            if is_unmet {
                unmet.insert(reason);
            }
        };
        let customer = shop.customer.as_ref();
        let needs_customer = self.for_ann
            || self.groups != 0
            || self.first_order_only
            || self.order_number.is_some();
        note(
            Reason::CustomerRequired,
            needs_customer && customer.is_none(),
        );
        if let Some(customer) = customer {
            note(
                Reason::CustomerNotAllowed,
                (self.for_ann && !customer.is_ann)
                    || (self.groups != 0 && self.groups & customer.groups == 0),
            );
            note(
                Reason::NotFirstOrder,
                self.first_order_only && customer.prior_orders > 0,
            );
            let fits = |(from, to)| (from..=to).contains(&(customer.prior_orders + 1));
            note(
                Reason::OrderNumberMismatch,
                !self.order_number.is_none_or(fits),
            );
        }
        let stands = |(allowed, fact): (&u8, &Option<usize>)| {
            *allowed == 0 || fact.is_some_and(|fact| allowed & (1 << fact) != 0)
        };
        note(
            Reason::ContextMismatch,
            !self.context.iter().zip(&shop.context).all(stands),
        );
        note(
            Reason::OutsideSchedule,
            !self.windows.is_empty() && !self.windows.iter().any(|one| one.is_open(shop)),
        );
        let measured = |bound: &Bound| -> (i128, i128) {
            let counted: Vec<&Line> = match bound.of_eligible_lines {
                true => eligible.to_vec(),
                false => shop.lines.iter().filter(|line| !line.gift_card).collect(),
            };
            let worth = counted.iter().map(|line| line.subtotal()).sum();
            let units = counted.iter().map(|line| i128::from(line.quantity)).sum();
            (worth, units)
        };
        let least = |bound: &Bound| {
            let (worth, units) = measured(bound);
            let is_measured_before = !self.is_running;
            (is_measured_before && bound.amount.is_some_and(|least| worth < least.into()))
                || bound.quantity.is_some_and(|least| units < least.into())
        };
        note(
            Reason::MinimumNotMet,
            self.minimum.as_ref().is_some_and(least),
        );
        let most = |bound: &Bound| {
            let (worth, units) = measured(bound);
            bound.amount.is_some_and(|most| worth > most.into())
                || bound.quantity.is_some_and(|most| units > most.into())
        };
        note(
            Reason::MaximumExceeded,
            self.maximum.as_ref().is_some_and(most),
        );
        let is_there = |bit: u8| {
            let of_rule = |line: &&Line| self.covers(line) && line.discountable && !line.gift_card;
            shop.lines
                .iter()
                .filter(of_rule)
                .any(|line| line.ids & bit != 0)
        };
        let lacks_one =
            (0..3).any(|place| self.include & (1 << place) != 0 && !is_there(1 << place));
        note(Reason::NoEligibleItems, self.requires_all && lacks_one);
        unmet
    }

    pub fn value(&self, is_rule: bool) -> Value {
        let products = value_of([
            ("include", product_ids(self.include)),
            ("exclude", product_ids(self.exclude)),
            (
                "requires",
                text(if self.requires_all { "all" } else { "any" }),
            ),
            ("excludeOnSale", Value::Bool(self.exclude_on_sale)),
        ]);
        let mut fields = vec![("products", products)];
        if let Some(minimum) = &self.minimum {
            let basis = match self.is_running {
                true => "running_before_this",
                false => "before_coupons",
            };
            fields.push(("minimum", minimum.value(&[("basis", text(basis))])));
        }
        if let Some(maximum) = &self.maximum {
            fields.push(("maximum", maximum.value(&[])));
        }
        for ((_, name), allowed) in CONTEXT.iter().zip(self.context) {
            if allowed != 0 {
                fields.push((name, named(&CONTEXT_WORDS, allowed)));
            }
        }
        if self.groups != 0 {
            fields.push(("customerGroups", named(&GROUPS, self.groups)));
        }
        if self.for_ann {
            let ann = value_of([("kind", text("id")), ("value", text("ann"))]);
            fields.push(("customers", list([ann].into_iter())));
        }
        if let Some((from, to)) = self.order_number {
            let range = value_of([("from", minor(from)), ("to", minor(to))]);
            fields.push(("orderNumber", range));
        }
        fields.push(("firstOrderOnly", Value::Bool(self.first_order_only)));
        for (name, at) in [("startsAt", self.starts), ("expiresAt", self.expires)] {
            if let Some(at) = at {
                fields.push((name, minor(crate::shop::NOW + at)));
            }
        }
        if let (Some(days), false) = (self.valid_for_days, is_rule) {
            fields.push(("validForDays", minor(days)));
        }
        if !self.windows.is_empty() {
            let windows = list(self.windows.iter().map(Window::value));
            let schedule = value_of([("zone", text(ZONE)), ("windows", windows)]);
            fields.push(("schedule", schedule));
        }
        if self.coupons != 0 {
            let places = (0..8).filter(|place| self.coupons & (1 << place) != 0);
            let ids = places.map(|place| text(&coupon_id(place)));
            fields.push(("coupons", list(ids)));
        }
        value_of(fields)
    }

    /// How many of these are amounts, and so belong to a currency.
    pub fn amounts(&self) -> usize {
        let has_amount = |bound: &Option<Bound>| bound.is_some_and(|bound| bound.amount.is_some());
        usize::from(has_amount(&self.minimum)) + usize::from(has_amount(&self.maximum))
    }
}

impl Bound {
    fn value(&self, more: &[(&str, Value)]) -> Value {
        let scope = match self.of_eligible_lines {
            true => "eligible_lines",
            false => "all_lines",
        };
        let mut fields = vec![("scope", text(scope))];
        fields.extend(self.amount.map(|amount| ("amounts", egp(amount))));
        fields.extend(self.quantity.map(|units| ("quantity", minor(units))));
        fields.extend_from_slice(more);
        value_of(fields)
    }
}

impl Window {
    fn is_open(&self, shop: &Shop) -> bool {
        let local = crate::shop::NOW + shop.zone_offset * 60_000;
        let minute = local.rem_euclid(A_DAY) / 60_000;
        // 1 January 1970 was a Thursday.
        let today = (local.div_euclid(A_DAY) + 3).rem_euclid(7);
        let begins_on = |day: i64| self.days & (1 << day.rem_euclid(7)) != 0;
        match self.from < self.to {
            true => begins_on(today) && (self.from..self.to).contains(&minute),
            false => {
                (begins_on(today) && minute >= self.from)
                    || (begins_on(today - 1) && minute < self.to)
            }
        }
    }

    fn value(&self) -> Value {
        let clock = |at: i64| text(&format!("{:02}:{:02}", at / 60, at % 60));
        value_of([
            ("days", named(&DAYS, self.days)),
            ("from", clock(self.from)),
            ("to", clock(self.to)),
        ])
    }
}

/// Restrictions of every kind, each rare, so that most of those with several hold.
pub fn any_conditions(dice: &mut Dice) -> Conditions {
    let (include, exclude) = match dice.within(0, 7) {
        0..=3 => (0, 0),
        4 | 5 => (dice.bits(3), dice.bits(3)),
        _ => (dice.bits(3).max(1), 0),
    };
    let mut conditions = Conditions {
        include,
        exclude,
        ..Conditions::default()
    };
    match dice.within(0, 15) {
        0 => conditions.requires_all = include != 0,
        1 => conditions.exclude_on_sale = true,
        _ => {}
    }
    match dice.within(0, 20) {
        10 | 11 => conditions.minimum = Some(any_bound(dice, 6_000)),
        12 => {
            conditions.minimum = Some(any_bound(dice, 6_000));
            conditions.is_running = true;
        }
        13 | 14 => conditions.maximum = Some(any_bound(dice, 20_000)),
        15 => conditions.context = [(); 4].map(|()| dice.bits(2)),
        16 => {
            conditions.groups = dice.bits(2);
            conditions.for_ann = dice.chance(50);
            conditions.first_order_only = dice.chance(20);
            conditions.order_number = dice.maybe(25, |dice| {
                let from = dice.within(1, 3);
                (from, from + dice.within(0, 2))
            });
        }
        17 | 18 => conditions = any_dates(dice, conditions),
        19 => conditions.windows = dice.several(1, 3, any_window),
        20 => conditions.coupons = dice.bits(4).max(1),
        _ => {}
    }
    conditions
}

/// The conditions with dates: already over, not yet begun, or neither.
pub fn any_dates(dice: &mut Dice, conditions: Conditions) -> Conditions {
    let starts = dice.maybe(50, |dice| dice.within(-5_000, 100));
    let earliest = starts.unwrap_or(-5_000);
    Conditions {
        starts,
        expires: dice.maybe(50, |dice| dice.within(-100, 5_000).max(earliest)),
        valid_for_days: dice.maybe(30, |dice| dice.within(1, 2)),
        ..conditions
    }
}

fn any_bound(dice: &mut Dice, most: i64) -> Bound {
    let quantity = dice.maybe(40, |dice| dice.within(1, 11));
    let amount = dice.maybe(80, |dice| dice.within(1, most));
    Bound {
        amount: amount.or(quantity.is_none().then_some(1)),
        quantity,
        of_eligible_lines: dice.chance(50),
    }
}

fn any_window(dice: &mut Dice) -> Window {
    let from = dice.within(0, 1_439);
    let to = dice.within(1, 1_440);
    Window {
        days: dice.bits(7).max(1),
        from,
        to: if to == from { 1_440 } else { to },
    }
}
