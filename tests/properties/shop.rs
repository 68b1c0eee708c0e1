//! Random shops: carts, coupons, entered codes and a policy, as small models that can be changed and then written as a
//! request. Everything made here is valid input; hostile input is made in `wild` and `range`.

use coupon_engine::error::Error;
use coupon_engine::model::{Node, Value};
use coupon_engine::operation::{Quote, evaluate};
use proptest::collection::vec;
use proptest::prelude::*;

pub const NOW: i64 = 1_800_000_000_000;
const PRODUCT_IDS: [&str; 3] = ["sku-1", "sku-2", "col/é"];
/// Their order by bytes is not that of their places, of their letters in any locale, or of their lengths.
const LINE_IDS: [&str; 8] = ["m", "B", "a", "é", "10", "9", "\u{FF5E}", "\u{1F600}"];
const CODES: [&str; 8] = ["M", "A-1", "Z", "K_2", "0B", "A", "SUMMER-20", "X"];
const CATEGORIES: [&str; 2] = ["loyalty", "seasonal"];

#[derive(Clone, Debug)]
pub struct Line {
    pub id: String,
    pub unit_price: i64,
    pub quantity: i64,
    /// Bits over [`PRODUCT_IDS`].
    pub ids: u8,
    pub discountable: bool,
    pub gift_card: bool,
}

impl Line {
    pub fn subtotal(&self) -> i128 {
        i128::from(self.unit_price) * i128::from(self.quantity)
    }
}

#[derive(Clone, Debug)]
pub enum Discount {
    Percent { basis_points: i64, cap: Option<i64> },
    Amount(i64),
}

/// A standard coupon with the code of its place.
#[derive(Clone, Debug)]
pub struct Coupon {
    pub place: usize,
    pub discount: Discount,
    /// Bits over [`PRODUCT_IDS`]; 0 for every product.
    pub include: u8,
    pub exclude: u8,
    pub priority: i64,
    pub exclusive: bool,
    /// Its own category, and the one it combines with.
    pub combines: Option<(usize, usize)>,
    pub minimum: Option<i64>,
}

impl Coupon {
    pub fn id(&self) -> String {
        coupon_id(self.place)
    }

    pub fn code(&self) -> &'static str {
        CODES[self.place]
    }

    pub fn covers(&self, line: &Line) -> bool {
        line.discountable
            && !line.gift_card
            && (self.include == 0 || self.include & line.ids != 0)
            && self.exclude & line.ids == 0
    }
}

/// Some coupons are named as their codes are.
fn coupon_id(place: usize) -> String {
    match place {
        0 | 2 => CODES[place].to_owned(),
        _ => format!("coupon-{place}"),
    }
}

/// An entry of `codes`: a coupon's code in some spelling, the coupon by its id, or a code that nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Code { place: usize, spelling: usize },
    Id(usize),
    Unknown,
}

#[derive(Clone, Debug)]
pub struct Shop {
    pub lines: Vec<Line>,
    pub shipping: i64,
    pub coupons: Vec<Coupon>,
    pub entries: Vec<Entry>,
    pub mode: &'static str,
    pub rounding: &'static str,
    pub order: &'static str,
    pub on_conflict: &'static str,
    pub max_codes: i64,
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
        if let Value::Map(fields) = &mut request {
            fields.push(("coupons".to_owned(), self.definitions()));
        }
        request
    }

    /// The request without its coupons, as a prepared set takes it.
    pub fn checkout(&self) -> Value {
        let cart = value_of(&[
            ("currency", text("EGP")),
            ("lines", list(self.lines.iter().map(line_value))),
            ("shipping", minor(self.shipping)),
        ]);
        let stacking = value_of(&[
            ("mode", text(self.mode)),
            ("maxCodes", minor(self.max_codes)),
            ("order", text(self.order)),
            ("onConflict", text(self.on_conflict)),
        ]);
        let policy = value_of(&[("stacking", stacking), ("rounding", text(self.rounding))]);
        value_of(&[
            ("codes", list(self.entries.iter().map(entry_value))),
            ("cart", cart),
            ("now", minor(NOW)),
            ("policy", policy),
        ])
    }

    pub fn definitions(&self) -> Value {
        list(self.coupons.iter().map(coupon_value))
    }
}

/// The answer to a request that must be accepted.
pub fn quote(request: &Value) -> Quote {
    answer(request).unwrap_or_else(|error| panic!("a valid request is refused: {error}"))
}

pub fn answer(request: &Value) -> Result<Quote, Error> {
    evaluate(&Node::root(request, ""))
}

/// An object of these fields.
pub fn value_of(fields: &[(&str, Value)]) -> Value {
    let field = |(name, value): &(&str, Value)| ((*name).to_owned(), value.clone());
    Value::Map(fields.iter().map(field).collect())
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

fn line_value(line: &Line) -> Value {
    value_of(&[
        ("id", text(&line.id)),
        ("unitPrice", minor(line.unit_price)),
        ("quantity", minor(line.quantity)),
        ("ids", product_ids(line.ids)),
        ("discountable", Value::Bool(line.discountable)),
        (
            "kind",
            text(if line.gift_card {
                "gift_card"
            } else {
                "product"
            }),
        ),
    ])
}

fn coupon_value(coupon: &Coupon) -> Value {
    let products = value_of(&[
        ("include", product_ids(coupon.include)),
        ("exclude", product_ids(coupon.exclude)),
    ]);
    let minimum = coupon
        .minimum
        .map_or(Value::Null, |least| value_of(&[("amounts", egp(least))]));
    let (category, combines_with) = match coupon.combines {
        None => (Value::Null, text("all")),
        Some((own, other)) => (
            text(CATEGORIES[own]),
            list([text(CATEGORIES[other])].into_iter()),
        ),
    };
    value_of(&[
        ("id", text(&coupon.id())),
        ("type", text("standard")),
        ("code", text(coupon.code())),
        ("discount", discount_value(&coupon.discount)),
        (
            "restrictions",
            value_of(&[("products", products), ("minimum", minimum)]),
        ),
        ("priority", minor(coupon.priority)),
        ("exclusive", Value::Bool(coupon.exclusive)),
        ("category", category),
        ("combinesWith", combines_with),
    ])
}

fn discount_value(discount: &Discount) -> Value {
    match discount {
        Discount::Percent { basis_points, cap } => value_of(&[
            ("type", text("percent")),
            ("basisPoints", minor(*basis_points)),
            ("cap", cap.map_or(Value::Null, egp)),
        ]),
        Discount::Amount(amount) => {
            value_of(&[("type", text("amount")), ("amounts", egp(*amount))])
        }
    }
}

fn egp(amount: i64) -> Value {
    value_of(&[("EGP", minor(amount))])
}

fn product_ids(bits: u8) -> Value {
    let named = (0..PRODUCT_IDS.len()).filter(|place| bits & (1 << place) != 0);
    list(named.map(|place| text(PRODUCT_IDS[place])))
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
        Entry::Id(place) => value_of(&[("couponId", text(&coupon_id(*place)))]),
        Entry::Unknown => text("NOBODY-KNOWS"),
    }
}

/// Shops in which anything may happen.
pub fn any_shop() -> impl Strategy<Value = Shop> {
    shop(
        prop_oneof![
            4 => Just("additive"),
            4 => Just("sequential"),
            1 => Just("best"),
            1 => Just("first"),
            1 => Just("none"),
        ],
        any_coupon(),
    )
}

/// Shops of these modes where no coupon keeps another out: no exclusivity, no categories, no ceiling on their number.
pub fn tolerant_shop(modes: &'static [&'static str]) -> impl Strategy<Value = Shop> {
    let coupon = any_coupon().prop_map(|coupon| Coupon {
        exclusive: false,
        combines: None,
        ..coupon
    });
    shop(proptest::sample::select(modes), coupon).prop_map(|shop| Shop {
        max_codes: 30,
        order: "priority",
        ..shop.entering_all()
    })
}

fn shop(
    mode: impl Strategy<Value = &'static str>,
    coupon: impl Strategy<Value = Coupon>,
) -> impl Strategy<Value = Shop> {
    let policy = (
        mode,
        proptest::sample::select(&["half_up", "half_even", "half_down", "floor"]),
        prop_oneof![4 => Just("priority"), 1 => Just("requested")],
        proptest::sample::select(&["reject_new", "keep_best"]),
        prop_oneof![3 => Just(30), 1 => 1..4_i64],
    );
    let entry = prop_oneof![
        8 => (0..CODES.len(), 0..4_usize).prop_map(|(place, spelling)| Entry::Code { place, spelling }),
        1 => (0..CODES.len()).prop_map(Entry::Id),
        1 => Just(Entry::Unknown),
    ];
    (
        vec(any_line(), 0..6),
        prop_oneof![Just(0), 0..5_000_i64],
        vec(coupon, 1..5),
        vec(entry, 0..7),
        policy,
    )
        .prop_map(
            |(
                mut lines,
                shipping,
                mut coupons,
                mut entries,
                (mode, rounding, order, on_conflict, max_codes),
            )| {
                for (line, id) in lines.iter_mut().zip(LINE_IDS) {
                    line.id = id.to_owned();
                }
                for (place, coupon) in coupons.iter_mut().enumerate() {
                    coupon.place = place;
                }
                for entry in &mut entries {
                    if let Entry::Code { place, .. } | Entry::Id(place) = entry {
                        *place %= coupons.len();
                    }
                }
                Shop {
                    lines,
                    shipping,
                    coupons,
                    entries,
                    mode,
                    rounding,
                    order,
                    on_conflict,
                    max_codes,
                }
            },
        )
}

fn any_line() -> impl Strategy<Value = Line> {
    let price = prop_oneof![6 => 0..3_000_i64, 3 => 0..8_i64, 1 => 0..=1_000_000_000_000_i64];
    let quantity = prop_oneof![5 => Just(1), 4 => 1..9_i64, 1 => 1..=1_000_000_i64];
    // The last two: not discountable, a gift card; one line in sixteen each.
    (price, quantity, 0..8_u8, 0..16_u8).prop_map(|(unit_price, quantity, ids, kind)| Line {
        id: String::new(),
        unit_price,
        quantity,
        ids,
        discountable: kind != 15,
        gift_card: kind == 14,
    })
}

fn any_coupon() -> impl Strategy<Value = Coupon> {
    let percent = prop_oneof![
        1..=10_000_i64,
        proptest::sample::select(&[500_i64, 1_000, 5_000, 10_000])
    ];
    let amount = || prop_oneof![1..4_000_i64, 1..8_i64];
    let discount = prop_oneof![
        3 => percent.clone().prop_map(|basis_points| Discount::Percent { basis_points, cap: None }),
        1 => (percent, amount()).prop_map(|(basis_points, cap)| Discount::Percent { basis_points, cap: Some(cap) }),
        2 => amount().prop_map(Discount::Amount),
    ];
    let products = prop_oneof![3 => Just((0, 0)), 2 => (0..8_u8, 0..8_u8), 2 => (1..8_u8).prop_map(|bits| (bits, 0))];
    let rare = (0..12_u8, 0..2_usize, 0..2_usize, 0..3_000_i64);
    (discount, products, -1..2_i64, rare).prop_map(
        |(discount, (include, exclude), priority, (rarity, own, other, least))| Coupon {
            place: 0,
            discount,
            include,
            exclude,
            priority,
            exclusive: rarity == 1,
            combines: (rarity == 2 || rarity == 3).then_some((own, other)),
            minimum: (rarity == 4 && least > 0).then_some(least),
        },
    )
}
