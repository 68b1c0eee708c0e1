//! Shops: coupons with their limits, as the engine stores them and as the laws read them. What a limit means is worked
//! out here from the names of counters, not asked of the engine.

use coupon_engine::code::Entropy;
use coupon_engine::coupon::define_coupon;
use coupon_engine::error::Result;
use coupon_engine::model::{Instant, Node, Policy, Value};

use super::ledger::Ledger;
use super::plain::{
    entries, field, int, is_true, maybe_int, maybe_text_of, object, read, text, text_of,
};

pub const CURRENCY: &str = "EGP";

/// A Sunday, noon UTC; weeks begin on Mondays.
pub const NOON: i64 = 1_799_582_400_000;

#[derive(Clone, Debug, Default)]
pub struct Window {
    pub per: &'static str,
    pub total: Option<i64>,
    pub per_customer: Option<i64>,
}

#[derive(Clone, Debug, Default)]
pub struct Limits {
    pub total: Option<i64>,
    pub per_customer: Option<i64>,
    /// Minor units; of coupons only.
    pub budget: Option<i64>,
    pub windows: Vec<Window>,
}

#[derive(Clone, Copy, Debug)]
pub enum Worth {
    Percent(i64),
    Amount(i64),
    Credit(i64),
}

#[derive(Clone, Debug)]
pub struct Code {
    pub text: String,
    pub limits: Limits,
}

#[derive(Clone, Debug)]
pub struct Coupon {
    pub id: String,
    pub worth: Worth,
    pub limits: Limits,
    pub first_order_only: bool,
    /// At least one; its id is its text in lower case.
    pub codes: Vec<Code>,
}

impl Coupon {
    pub fn issued(&self) -> Option<i64> {
        match self.worth {
            Worth::Credit(amount) => Some(amount),
            Worth::Percent(_) | Worth::Amount(_) => None,
        }
    }

    fn definition(&self) -> Value {
        let amounts = |amount| object([(CURRENCY, int(amount))]);
        let discount = match self.worth {
            Worth::Percent(points) => {
                object([("type", text("percent")), ("basisPoints", int(points))])
            }
            Worth::Amount(amount) => {
                object([("type", text("amount")), ("amounts", amounts(amount))])
            }
            Worth::Credit(amount) => object([
                ("type", text("store_credit")),
                ("amounts", amounts(amount)),
                ("bearer", Value::Bool(true)),
            ]),
        };
        let codes = self.codes.iter().map(|code| {
            object([
                ("id", text(&code.text.to_lowercase())),
                ("code", text(&code.text)),
                ("limits", code.limits.definition()),
            ])
        });
        object([
            ("id", text(&self.id)),
            ("type", text("standard")),
            ("code", Value::Null),
            ("discount", discount),
            ("limits", self.limits.definition()),
            (
                "restrictions",
                object([("firstOrderOnly", Value::Bool(self.first_order_only))]),
            ),
            ("codes", Value::List(codes.collect())),
        ])
    }
}

impl Limits {
    fn definition(&self) -> Value {
        let windows = self.windows.iter().map(|window| {
            object([
                ("per", text(window.per)),
                ("total", maybe_int(window.total)),
                ("perCustomer", maybe_int(window.per_customer)),
            ])
        });
        let mut fields = vec![
            ("total".to_owned(), maybe_int(self.total)),
            ("perCustomer".to_owned(), maybe_int(self.per_customer)),
            ("windows".to_owned(), Value::List(windows.collect())),
        ];
        if let Some(budget) = self.budget {
            fields.push(("budget".to_owned(), object([(CURRENCY, int(budget))])));
        }
        Value::Map(fields)
    }

    fn of(&self, rest: &[&str]) -> Option<i64> {
        let window = |per: &str| self.windows.iter().find(|window| window.per == per);
        match rest {
            [] => self.total,
            ["customer", _, _] => self.per_customer,
            ["budget", CURRENCY] => self.budget,
            [per, _] => window(per)?.total,
            [per, _, "customer", _, _] => window(per)?.per_customer,
            _ => None,
        }
    }
}

/// A shop, and what its catalog stores.
#[derive(Clone, Debug)]
pub struct Shop {
    pub coupons: Vec<Coupon>,
    /// The engine's own policy, as the context has it.
    pub policy: Value,
    pub is_overdraft: bool,
    records: Vec<(Value, Vec<Value>)>,
}

struct NoChance;

impl Entropy for NoChance {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<()> {
        for (place, byte) in buffer.iter_mut().enumerate() {
            *byte = u8::try_from(place % 251).unwrap_or(0);
        }
        Ok(())
    }
}

impl Shop {
    /// `policy` as JSON; whether it takes late payments on the house is read off it.
    pub fn new(coupons: Vec<Coupon>, policy: &str) -> Self {
        let policy = read(policy);
        let now = int(NOON - 86_400_000);
        let now = Instant::parse(&Node::root(&now, "now")).unwrap_or_else(|e| panic!("{e}"));
        let records = coupons.iter().map(|coupon| {
            let definition = coupon.definition();
            let node = Node::root(&definition, "");
            let defined = define_coupon(&node, &Policy::default(), now, &mut NoChance)
                .unwrap_or_else(|error| panic!("{error}"));
            let written = serde_json::to_string(&defined).unwrap_or_else(|e| panic!("{e}"));
            let written = read(&written);
            (
                field(&written, "coupon").clone(),
                entries(field(&written, "codes")).to_vec(),
            )
        });
        let late = field(field(&policy, "redemption"), "lateRedeem");
        Self {
            records: records.collect(),
            is_overdraft: *late == text("overdraft"),
            coupons,
            policy,
        }
    }

    pub fn coupon(&self, id: &str) -> Option<&Coupon> {
        self.coupons.iter().find(|coupon| coupon.id == id)
    }

    /// Answers the parts of a load request that are not the ledger's.
    pub fn find(&self, request: &Value) -> Value {
        let codes = entries(field(request, "codes"));
        let ids = entries(field(request, "couponIds"));
        let mut found = (Vec::new(), Vec::new());
        for (coupon, all) in &self.records {
            let before = found.1.len();
            let wanted = |code: &&Value| codes.contains(field(code, "code"));
            found.1.extend(all.iter().filter(wanted).cloned());
            if found.1.len() > before || ids.contains(field(coupon, "id")) {
                found.0.push(coupon.clone());
            }
        }
        object([
            ("settings", Value::Null),
            ("coupons", Value::List(found.0)),
            ("codes", Value::List(found.1)),
            ("rules", Value::List(Vec::new())),
        ])
    }

    /// The most a counter may stand at; `None`: any.
    pub fn ceiling_of(&self, counter: &str, ledger: &Ledger) -> Option<i64> {
        let parts: Vec<&str> = counter.split('/').collect();
        match parts.as_slice() {
            ["first_order", "customer", _, _] => Some(1),
            ["coupon", id, "credit"] => {
                let added = ledger.claimed(&format!("coupon/{id}/credit/added"));
                self.coupon(id)?.issued().map(|issued| issued + added)
            }
            ["coupon", id, rest @ ..] => self.coupon(id)?.limits.of(rest),
            ["code", id, rest @ ..] => {
                let codes = self.coupons.iter().flat_map(|coupon| &coupon.codes);
                let mut of_id = codes.filter(|code| code.text.to_lowercase() == *id);
                of_id.next()?.limits.of(rest)
            }
            _ => None,
        }
    }
}

/// The zones' offsets in minutes, as the driver answers them.
pub fn offsets(names: &Value) -> Value {
    let offset = |name: &Value| match text_of(name) {
        "Africa/Cairo" => (text_of(name).to_owned(), int(120)),
        other => (other.to_owned(), int(0)),
    };
    Value::Map(entries(names).iter().map(offset).collect())
}

/// Answers the whole of a load request: `ledger` may be an earlier one.
pub fn view(shop: &Shop, request: &Value, ledger: &Ledger) -> Value {
    let part = |name: &str, answer: &dyn Fn(&Value) -> Value| match field(request, name) {
        Value::Null => Value::Null,
        asked => answer(asked),
    };
    object([
        ("catalog", part("catalog", &|asked| shop.find(asked))),
        ("ledger", part("ledger", &|asked| ledger.read(asked))),
        ("priorOrders", part("priorOrders", &|_| int(0))),
        ("zones", part("zones", &offsets)),
    ])
}

/// Whether a record says that it is over its limit on the house's account.
pub fn is_flagged(body: &Value) -> bool {
    let flags = entries(field(body, "flags"));
    let mut words = flags.iter().filter_map(maybe_text_of);
    words.any(|flag| matches!(flag, "overdraft" | "customer_limit_exceeded"))
}

/// Whether an object's flag is set.
pub fn says(value: &Value, name: &str) -> bool {
    is_true(field(value, name))
}
