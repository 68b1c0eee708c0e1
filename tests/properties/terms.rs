//! Random discounts as small models and their spelling on the wire: what they are worth, of which units, shared out how.
//! Owns no rule but which lines and units count; everything made here is valid input.

use coupon_engine::model::Value;

use crate::dice::Dice;
use crate::shop::{Line, egp, list, minor, product_ids, text, value_of};

pub const HOSTS: [&str; 11] = [
    "woocommerce",
    "medusa",
    "solidus",
    "sylius",
    "saleor",
    "vendure",
    "spree",
    "magento",
    "prestashop",
    "lunar",
    "django_oscar",
];
pub const DISTRIBUTIONS: [&str; 6] = [
    "proportional",
    "each_line",
    "each_unit",
    "by_quantity",
    "even",
    "greedy_in_order",
];

#[derive(Clone, Debug)]
pub enum Worth {
    Percent {
        basis_points: i64,
        cap: Option<i64>,
    },
    Amount(i64),
    /// An amount once per so much, so many times at most.
    Every {
        amount: i64,
        every: i64,
        times: Option<i64>,
    },
    Price(i64),
    /// From so much, or so many units; ascending.
    Tiers {
        by_quantity: bool,
        tiers: Vec<(i64, Worth)>,
    },
    Credit {
        balance: i64,
        covers: &'static str,
    },
}

#[derive(Clone, Debug)]
pub struct Units {
    pub dearest: bool,
    pub take: i64,
    /// How many must be bought, and of which products.
    pub buy: Option<(i64, Option<u8>)>,
    pub times: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct Discount {
    pub worth: Worth,
    pub for_shipping: bool,
    pub units: Option<Units>,
    pub distribution: Option<&'static str>,
    pub max_per_line: Option<i64>,
    pub basis: Option<&'static str>,
}

impl Discount {
    /// Of all eligible lines, shared out as the shop does.
    pub fn plain(worth: Worth) -> Self {
        Self {
            worth,
            for_shipping: false,
            units: None,
            distribution: None,
            max_per_line: None,
            basis: None,
        }
    }

    pub fn is_credit(&self) -> bool {
        matches!(self.worth, Worth::Credit { .. })
    }

    /// The value that these lines reach.
    pub fn reached(&self, eligible: &[&Line]) -> Option<&Worth> {
        let Worth::Tiers { by_quantity, tiers } = &self.worth else {
            return Some(&self.worth);
        };
        let measure: i128 = match by_quantity {
            true => eligible.iter().map(|line| i128::from(line.quantity)).sum(),
            false => eligible.iter().map(|line| line.subtotal()).sum(),
        };
        let reached = tiers
            .iter()
            .rev()
            .find(|(from, _)| i128::from(*from) <= measure);
        reached.map(|(_, worth)| worth)
    }

    pub fn value(&self, for_ann: bool) -> Value {
        let mut fields = self.worth.fields();
        if self.is_credit() {
            fields.push(("bearer", Value::Bool(!for_ann)));
            return value_of(fields);
        }
        if self.for_shipping {
            fields.push(("target", text("shipping")));
        }
        if let Some(units) = &self.units {
            fields.push(("units", units.value()));
        }
        if let Some(most) = self.max_per_line {
            fields.push(("maxPerLine", egp(most)));
        }
        fields.extend(self.distribution.map(|name| ("distribution", text(name))));
        fields.extend(self.basis.map(|name| ("basis", text(name))));
        value_of(fields)
    }

    /// How many of its terms are amounts, and so belong to a currency.
    pub fn amounts(&self) -> usize {
        self.worth.amounts() + usize::from(self.max_per_line.is_some())
    }
}

impl Worth {
    pub fn cap(&self) -> Option<i64> {
        match self {
            Self::Percent { cap, .. } => *cap,
            _ => None,
        }
    }

    fn amounts(&self) -> usize {
        match self {
            Self::Percent { cap, .. } => usize::from(cap.is_some()),
            Self::Tiers { by_quantity, tiers } => {
                let of_values: usize = tiers.iter().map(|(_, worth)| worth.amounts()).sum();
                of_values + usize::from(!by_quantity)
            }
            _ => 1,
        }
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        match self {
            Self::Percent { basis_points, cap } => vec![
                ("type", text("percent")),
                ("basisPoints", minor(*basis_points)),
                ("cap", cap.map_or(Value::Null, egp)),
            ],
            Self::Amount(amount) => vec![("type", text("amount")), ("amounts", egp(*amount))],
            Self::Every {
                amount,
                every,
                times,
            } => {
                let mut fields = Self::Amount(*amount).fields();
                fields.push(("every", egp(*every)));
                fields.push(("times", times.map_or(Value::Null, minor)));
                fields
            }
            Self::Price(price) => vec![("type", text("price")), ("amounts", egp(*price))],
            Self::Tiers { by_quantity, tiers } => {
                let (by, from): (_, fn(i64) -> Value) = match by_quantity {
                    true => ("quantity", minor),
                    false => ("amount", egp),
                };
                let tier = |(start, worth): &(i64, Self)| {
                    value_of([
                        ("from", from(*start)),
                        ("discount", value_of(worth.fields())),
                    ])
                };
                vec![
                    ("type", text("tiers")),
                    ("by", text(by)),
                    ("tiers", list(tiers.iter().map(tier))),
                ]
            }
            Self::Credit { balance, covers } => vec![
                ("type", text("store_credit")),
                ("amounts", egp(*balance)),
                ("covers", text(covers)),
            ],
        }
    }
}

impl Units {
    fn value(&self) -> Value {
        let from = if self.dearest { "dearest" } else { "cheapest" };
        let mut fields = vec![("from", text(from)), ("take", minor(self.take))];
        if let Some((quantity, products)) = &self.buy {
            let mut buy = vec![("quantity", minor(*quantity))];
            let products = products.map(|bits| value_of([("include", product_ids(bits))]));
            buy.extend(products.map(|products| ("products", products)));
            fields.push(("buy", value_of(buy)));
        }
        fields.extend(self.times.map(|times| ("times", minor(times))));
        value_of(fields)
    }
}

/// A percentage of all eligible lines or an amount off them, shared out as the shop does.
pub fn plain_discount(dice: &mut Dice) -> Discount {
    Discount::plain(plain_worth(dice))
}

fn amount(dice: &mut Dice) -> i64 {
    match dice.chance(50) {
        true => dice.within(1, 7),
        false => dice.within(1, 4_000),
    }
}

fn plain_worth(dice: &mut Dice) -> Worth {
    if dice.chance(33) {
        return Worth::Amount(amount(dice));
    }
    let basis_points = match dice.chance(50) {
        true => dice.pick(&[500_i64, 1_000, 5_000, 10_000]),
        false => dice.within(1, 10_000),
    };
    let cap = dice.maybe(25, amount);
    Worth::Percent { basis_points, cap }
}

fn any_worth(dice: &mut Dice) -> Worth {
    match dice.within(0, 15) {
        0..=9 => plain_worth(dice),
        10 | 11 => Worth::Every {
            amount: amount(dice),
            every: dice.within(1, 900),
            times: dice.maybe(50, |dice| dice.within(1, 4)),
        },
        12 | 13 => Worth::Price(dice.within(0, 2_000)),
        _ => {
            let by_quantity = dice.chance(50);
            let mut from = 0;
            let tiers = dice.several(1, 3, |dice| {
                from += dice.within(1, if by_quantity { 3 } else { 400 });
                let is_price = dice.chance(25);
                let worth = match is_price {
                    true => Worth::Price(dice.within(0, 2_000)),
                    false => plain_worth(dice),
                };
                (from, worth)
            });
            Worth::Tiers { by_quantity, tiers }
        }
    }
}

fn any_units(dice: &mut Dice) -> Units {
    Units {
        dearest: dice.chance(50),
        take: if dice.chance(10) {
            1_000_000
        } else {
            dice.within(1, 4)
        },
        buy: dice.maybe(40, |dice| {
            let products = dice.maybe(50, |dice| dice.bits(3).max(1));
            (dice.within(1, 3), products)
        }),
        times: dice.maybe(40, |dice| dice.within(1, 3)),
    }
}

/// Every value, with or without units, of lines or of shipping; store credit too.
pub fn any_discount(dice: &mut Dice) -> Discount {
    if dice.chance(8) {
        return Discount::plain(Worth::Credit {
            balance: dice.within(1, 6_000),
            covers: dice.pick(&["items", "items_tax", "grand_total"]),
        });
    }
    let mut discount = Discount::plain(any_worth(dice));
    discount.basis = dice.maybe(15, |dice| dice.pick(&["original", "running"]));
    discount.for_shipping = dice.chance(12);
    if !discount.for_shipping {
        discount.units = dice.maybe(20, any_units);
        discount.distribution = dice.maybe(40, |dice| dice.pick(&DISTRIBUTIONS));
        discount.max_per_line = dice.maybe(12, amount);
    }
    discount
}
