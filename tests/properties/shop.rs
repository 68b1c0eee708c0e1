//! Shops: carts, coupons, rules, entered codes and a policy, as models that can be changed and then written as a request.
//! What stands in them is drawn in `draw`; discounts are in `terms`, restrictions in `conditions`.

use std::fmt;

use coupon_engine::discount::Adjustment;
use coupon_engine::error::Error;
use coupon_engine::model::{Node, Value};
use coupon_engine::operation::{Quote, evaluate};

use crate::conditions::{CONTEXT, CONTEXT_WORDS, Conditions, GROUPS, ZONE};
use crate::terms::Discount;

pub const NOW: i64 = 1_800_000_000_000;
pub const PRODUCT_IDS: [&str; 3] = ["sku-1", "sku-2", "col/é"];
/// Their order by bytes is not that of their places, of their letters in any locale, or of their lengths.
pub const LINE_IDS: [&str; 8] = ["m", "B", "a", "é", "10", "9", "\u{FF5E}", "\u{1F600}"];
pub const CODES: [&str; 8] = ["M", "A-1", "Z", "K_2", "0B", "A", "SUMMER-20", "X"];
pub const CATEGORIES: [&str; 2] = ["loyalty", "seasonal"];

#[derive(Clone, Debug)]
pub struct Line {
    pub id: String,
    pub unit_price: i64,
    pub quantity: i64,
    /// Bits over [`PRODUCT_IDS`].
    pub ids: u8,
    pub discountable: bool,
    pub gift_card: bool,
    pub on_sale: bool,
}

impl Line {
    pub fn subtotal(&self) -> i128 {
        i128::from(self.unit_price) * i128::from(self.quantity)
    }
}

/// How a discount stands to others.
#[derive(Clone, Debug)]
pub struct Company {
    pub priority: i64,
    pub exclusive: bool,
    /// Its own category, and the one it combines with.
    pub combines: Option<(usize, usize)>,
    pub stop_after: bool,
    pub with_foreign: Option<&'static str>,
}

/// A standard coupon with the code of its place.
#[derive(Clone, Debug)]
pub struct Coupon {
    pub place: usize,
    /// Not together with rules.
    pub discount: Option<Discount>,
    /// Places of rules that are not automatic.
    pub rules: Vec<usize>,
    pub conditions: Conditions,
    /// The code's own restrictions, and how long ago it was issued; `None`: the code is the coupon's.
    pub on_code: Option<(Conditions, i64)>,
    /// Whether the code's own dates stand in place of the coupon's.
    pub overrides_dates: bool,
    pub company: Company,
}

impl Coupon {
    pub fn id(&self) -> String {
        coupon_id(self.place)
    }

    pub fn code(&self) -> &'static str {
        CODES[self.place]
    }
}

#[derive(Clone, Debug)]
pub struct Rule {
    pub place: usize,
    pub gate: &'static str,
    /// `None` if external.
    pub discount: Option<Discount>,
    pub conditions: Conditions,
    pub interaction: Option<&'static str>,
    pub company: Company,
}

impl Rule {
    pub fn id(&self) -> String {
        rule_id(self.place)
    }
}

/// Some coupons are named as their codes are.
pub fn coupon_id(place: usize) -> String {
    match place {
        0 | 2 => CODES[place].to_owned(),
        _ => format!("coupon-{place}"),
    }
}

/// The ids' order is not that of the places.
pub fn rule_id(place: usize) -> String {
    format!("rule-{}", 9 - place)
}

/// An entry of `codes`: a coupon's code in some spelling, the coupon by its id, or a code that nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Code { place: usize, spelling: usize },
    Id(usize),
    Unknown,
}

/// A discount of the host's own.
#[derive(Clone, Debug)]
pub struct Foreign {
    pub line_id: String,
    pub amount: i64,
    /// The place of the rule it is for.
    pub rule: Option<usize>,
}

#[derive(Clone, Debug)]
pub struct Customer {
    pub is_ann: bool,
    /// Bits over [`GROUPS`].
    pub groups: u8,
    pub prior_orders: i64,
}

#[derive(Clone, Debug)]
pub struct Policy {
    pub mode: &'static str,
    pub rounding: &'static str,
    pub rounding_point: &'static str,
    pub distribution: &'static str,
    pub order: &'static str,
    pub on_conflict: &'static str,
    pub on_inapplicable: &'static str,
    pub max_codes: i64,
    pub max_per_category: Option<(usize, i64)>,
    pub one_per_line: bool,
    pub global_cap: Option<i64>,
    pub foreign: &'static str,
    pub interaction: &'static str,
    pub min_payable: Option<i64>,
    pub allow_zero: bool,
}

impl Policy {
    /// Every setting at its default, but as many codes as there may be.
    pub fn plain(mode: &'static str, rounding: &'static str) -> Self {
        Self {
            mode,
            rounding,
            rounding_point: "coupon",
            distribution: "proportional",
            order: "priority",
            on_conflict: "reject_new",
            on_inapplicable: "partial",
            max_codes: 30,
            max_per_category: None,
            one_per_line: false,
            global_cap: None,
            foreign: "alongside",
            interaction: "alongside",
            min_payable: None,
            allow_zero: true,
        }
    }

    /// The least that discounts must leave to pay, if they leave anything.
    pub fn least(&self) -> i64 {
        let least = self.min_payable.unwrap_or(0);
        if self.allow_zero { least } else { least.max(1) }
    }
}

#[derive(Clone)]
pub struct Shop {
    pub lines: Vec<Line>,
    pub shipping: i64,
    pub tax: i64,
    pub foreign: Vec<Foreign>,
    /// Bits over [`CONTEXT_WORDS`] by place in [`CONTEXT`].
    pub context: [Option<usize>; 4],
    pub customer: Option<Customer>,
    /// Minutes that the one zone is ahead.
    pub zone_offset: i64,
    pub coupons: Vec<Coupon>,
    pub rules: Vec<Rule>,
    pub entries: Vec<Entry>,
    pub policy: Policy,
}

/// As the request that it makes.
impl fmt::Debug for Shop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", json_of(&self.request()))
    }
}

fn json_of(value: &Value) -> serde_json::Value {
    match value {
        Value::Bool(flag) => (*flag).into(),
        Value::Integer(number) => (*number).into(),
        Value::Text(text) => text.as_str().into(),
        Value::List(entries) => entries.iter().map(json_of).collect(),
        Value::Map(fields) => {
            let told = fields.iter().filter(|(_, value)| *value != Value::Null);
            told.map(|(key, value)| (key.clone(), json_of(value)))
                .collect()
        }
        Value::Null | Value::OtherNumber | Value::Bytes(_) => serde_json::Value::Null,
    }
}

impl Shop {
    /// The same shop with each coupon entered by its code, once.
    pub fn entering_all(mut self) -> Self {
        let by_code = |coupon: &Coupon| Entry::Code {
            place: coupon.place,
            spelling: 0,
        };
        self.entries = self.coupons.iter().map(by_code).collect();
        self
    }

    pub fn quote(&self) -> Quote {
        quote(&self.request())
    }

    pub fn request(&self) -> Value {
        let mut request = self.checkout();
        if let (Value::Map(fields), Value::Map(terms)) = (&mut request, self.terms()) {
            fields.extend(terms);
        }
        request
    }

    /// The request without its coupons and rules, as a prepared set takes it.
    pub fn checkout(&self) -> Value {
        let mut cart = vec![
            ("currency", text("EGP")),
            ("lines", list(self.lines.iter().map(line_value))),
            ("shipping", minor(self.shipping)),
            ("tax", minor(self.tax)),
            (
                "foreignDiscounts",
                list(self.foreign.iter().map(foreign_value)),
            ),
        ];
        for ((name, _), fact) in CONTEXT.iter().zip(self.context) {
            cart.extend(fact.map(|fact| (*name, text(CONTEXT_WORDS[fact]))));
        }
        value_of([
            ("codes", list(self.entries.iter().map(entry_value))),
            ("cart", value_of(cart)),
            (
                "customer",
                self.customer.as_ref().map_or(Value::Null, customer_value),
            ),
            ("now", minor(NOW)),
            ("zones", value_of([(ZONE, minor(self.zone_offset))])),
            ("policy", policy_value(&self.policy)),
        ])
    }

    /// The definitions of coupons and rules.
    pub fn terms(&self) -> Value {
        value_of([
            ("coupons", list(self.coupons.iter().map(coupon_value))),
            ("rules", list(self.rules.iter().map(rule_value))),
        ])
    }

    pub fn subtotal(&self) -> i128 {
        self.lines.iter().map(Line::subtotal).sum()
    }

    pub fn line(&self, id: &str) -> &Line {
        self.lines.iter().find(|line| line.id == id).unwrap()
    }

    /// What stands behind an adjustment of ours.
    pub fn behind(&self, one: &Adjustment) -> Behind<'_> {
        let coupon = one.coupon_id.as_ref().map(|id| {
            let is_it = |coupon: &&Coupon| coupon.id() == *id;
            self.coupons.iter().find(is_it).unwrap()
        });
        let rule = one.rule_id.as_ref().map(|id| {
            let is_it = |rule: &&Rule| rule.id() == *id;
            self.rules.iter().find(is_it).unwrap()
        });
        Behind {
            coupon,
            by_code: one.code.is_some(),
            rule,
        }
    }
}

/// A coupon, by its code or by its id, and a rule: at least one of the two.
#[derive(Clone, Copy)]
pub struct Behind<'a> {
    pub coupon: Option<&'a Coupon>,
    pub by_code: bool,
    pub rule: Option<&'a Rule>,
}

impl<'a> Behind<'a> {
    pub fn discount(&self) -> &'a Discount {
        let of_rule = self.rule.and_then(|rule| rule.discount.as_ref());
        let of_coupon = self.coupon.and_then(|coupon| coupon.discount.as_ref());
        of_rule.or(of_coupon).unwrap()
    }

    /// Of the coupon, the code and the rule.
    pub fn conditions(&self) -> Vec<&'a Conditions> {
        let of_coupon = self.coupon.map(|coupon| &coupon.conditions);
        let on_code = self.coupon.filter(|_| self.by_code);
        let on_code = on_code.and_then(|coupon| coupon.on_code.as_ref());
        let of_rule = self.rule.map(|rule| &rule.conditions);
        let all = [
            of_coupon,
            on_code.map(|(conditions, _)| conditions),
            of_rule,
        ];
        all.into_iter().flatten().collect()
    }

    pub fn covers(&self, line: &Line) -> bool {
        let is_touchable = line.discountable && !line.gift_card;
        is_touchable && self.conditions().iter().all(|one| one.covers(line))
    }

    pub fn eligible(&self, shop: &'a Shop) -> Vec<&'a Line> {
        shop.lines.iter().filter(|line| self.covers(line)).collect()
    }
}

/// Whether the host has not given it itself: its terms have a version.
pub fn is_ours(one: &Adjustment) -> bool {
    one.version.is_some()
}

/// The answer to a request that must be accepted.
pub fn quote(request: &Value) -> Quote {
    answer(request).unwrap_or_else(|error| panic!("a valid request is refused: {error}"))
}

pub fn answer(request: &Value) -> Result<Quote, Error> {
    evaluate(&Node::root(request, ""))
}

/// An object of these fields.
pub fn value_of<'n>(fields: impl IntoIterator<Item = (&'n str, Value)>) -> Value {
    let named = |(name, value): (&str, Value)| (name.to_owned(), value);
    Value::Map(fields.into_iter().map(named).collect())
}

/// A field of an object made here.
pub fn field<'v>(value: &'v mut Value, name: &str) -> &'v mut Value {
    let Value::Map(fields) = value else {
        panic!("{name} is asked of an object");
    };
    &mut fields.iter_mut().find(|(key, _)| key == name).unwrap().1
}

pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub fn minor(amount: i64) -> Value {
    Value::Integer(amount)
}

pub fn list(entries: impl Iterator<Item = Value>) -> Value {
    Value::List(entries.collect())
}

pub fn egp(amount: i64) -> Value {
    value_of([("EGP", minor(amount))])
}

pub fn product_ids(bits: u8) -> Value {
    named(&PRODUCT_IDS, bits)
}

/// The names at these bits.
pub fn named(names: &[&str], bits: u8) -> Value {
    let named = (0..names.len()).filter(|place| bits & (1 << place) != 0);
    list(named.map(|place| text(names[place])))
}

fn line_value(line: &Line) -> Value {
    let kind = if line.gift_card {
        "gift_card"
    } else {
        "product"
    };
    value_of([
        ("id", text(&line.id)),
        ("unitPrice", minor(line.unit_price)),
        ("quantity", minor(line.quantity)),
        ("ids", product_ids(line.ids)),
        ("discountable", Value::Bool(line.discountable)),
        ("kind", text(kind)),
        ("onSale", Value::Bool(line.on_sale)),
    ])
}

fn foreign_value(foreign: &Foreign) -> Value {
    let by = match foreign.rule {
        Some(place) => ("ruleId", text(&rule_id(place))),
        None => ("label", text("of the house")),
    };
    value_of([
        ("lineId", text(&foreign.line_id)),
        ("amount", minor(foreign.amount)),
        by,
    ])
}

fn customer_value(customer: &Customer) -> Value {
    let name = if customer.is_ann { "ann" } else { "bob" };
    let key = value_of([("kind", text("id")), ("value", text(name))]);
    value_of([
        ("keys", list([key].into_iter())),
        ("groups", named(&GROUPS, customer.groups)),
        ("priorOrders", minor(customer.prior_orders)),
    ])
}

fn policy_value(policy: &Policy) -> Value {
    let max_per_category = policy
        .max_per_category
        .map(|(category, most)| value_of([(CATEGORIES[category], minor(most))]));
    let stacking = value_of([
        ("mode", text(policy.mode)),
        ("maxCodes", minor(policy.max_codes)),
        ("order", text(policy.order)),
        ("onConflict", text(policy.on_conflict)),
        ("onInapplicable", text(policy.on_inapplicable)),
        ("onePerLine", Value::Bool(policy.one_per_line)),
        ("maxPerCategory", max_per_category.unwrap_or(Value::Null)),
    ]);
    value_of([
        ("stacking", stacking),
        ("rounding", text(policy.rounding)),
        ("roundingPoint", text(policy.rounding_point)),
        ("distribution", text(policy.distribution)),
        (
            "globalCapBasisPoints",
            policy.global_cap.map_or(Value::Null, minor),
        ),
        ("foreignDiscounts", text(policy.foreign)),
        ("interaction", text(policy.interaction)),
        ("minPayable", policy.min_payable.map_or(Value::Null, egp)),
        ("allowZeroTotal", Value::Bool(policy.allow_zero)),
    ])
}

fn coupon_value(coupon: &Coupon) -> Value {
    let discount = coupon.discount.as_ref();
    let own_code = match coupon.on_code {
        None => text(coupon.code()),
        Some(_) => Value::Null,
    };
    let dates = if coupon.overrides_dates {
        "override"
    } else {
        "intersect"
    };
    let mut fields = vec![
        ("id", text(&coupon.id())),
        ("type", text("standard")),
        ("code", own_code),
        ("restrictions", coupon.conditions.value(false)),
        ("dates", text(dates)),
        ("exclusive", Value::Bool(coupon.company.exclusive)),
    ];
    fields.extend(discount.map(|one| ("discount", one.value(coupon.conditions.for_ann))));
    if !coupon.rules.is_empty() {
        let ids = coupon.rules.iter().map(|place| text(&rule_id(*place)));
        fields.push(("rules", list(ids)));
    }
    if let Some((conditions, age)) = &coupon.on_code {
        let code = value_of([
            ("code", text(coupon.code())),
            ("id", text(&format!("code-{}", coupon.place))),
            ("restrictions", conditions.value(false)),
            ("issuedAt", minor(NOW - age)),
        ]);
        fields.push(("codes", list([code].into_iter())));
    }
    fields.extend(company_fields(&coupon.company));
    value_of(fields)
}

fn rule_value(rule: &Rule) -> Value {
    let mut fields = vec![
        ("id", text(&rule.id())),
        ("gate", text(rule.gate)),
        ("restrictions", rule.conditions.value(true)),
        ("interaction", rule.interaction.map_or(Value::Null, text)),
    ];
    fields.extend(
        rule.discount
            .as_ref()
            .map(|one| ("discount", one.value(true))),
    );
    fields.extend(company_fields(&rule.company));
    value_of(fields)
}

fn company_fields(company: &Company) -> Vec<(&'static str, Value)> {
    let (category, combines_with) = match company.combines {
        None => (Value::Null, text("all")),
        Some((own, other)) => (
            text(CATEGORIES[own]),
            list([text(CATEGORIES[other])].into_iter()),
        ),
    };
    vec![
        ("priority", minor(company.priority)),
        ("category", category),
        ("combinesWith", combines_with),
        ("stopAfter", Value::Bool(company.stop_after)),
        (
            "withForeign",
            company.with_foreign.map_or(Value::Null, text),
        ),
    ]
}

fn entry_value(entry: &Entry) -> Value {
    match entry {
        Entry::Code { place, spelling } => {
            let code = CODES[*place];
            text(&match spelling {
                0 => code.to_owned(),
                1 => format!(" {} ", code.to_lowercase()),
                2 => code.chars().flat_map(|c| [c, '\u{200B}']).collect(),
                _ => code.replace('-', "\u{2011}"),
            })
        }
        Entry::Id(place) => value_of([("couponId", text(&coupon_id(*place)))]),
        Entry::Unknown => text("NOBODY-KNOWS"),
    }
}
