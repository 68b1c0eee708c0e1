//! The checks of one candidate, each on the smallest case that can tell it from its neighbours. Owns how a case is put
//! together; the cases are in the files beside it.

mod limits;
mod what;
mod when_and_who;

use serde_json::{Value as Json, json};

use super::*;
use crate::error::{Error, ErrorCode};
use crate::model::{
    Cart, Code, CodeText, Coupon, Currency, Customer, Disclosure, Identifier, Instant, Node, Path,
    Policy, Rule, Usage, Value, Zones,
};

const DAY: i64 = 86_400_000;
/// Monday, 1970-01-05, 14:05 UTC.
const MONDAY: i64 = 4 * DAY + (14 * 60 + 5) * 60_000;

struct Case {
    coupon: Option<Json>,
    code: Option<Json>,
    rule: Option<Json>,
    cart: Json,
    customer: Option<Json>,
    counters: Json,
    zones: Json,
    policy: Json,
    now: i64,
    present: Option<Vec<&'static str>>,
}

fn case() -> Case {
    Case {
        coupon: Some(json!({})),
        code: None,
        rule: None,
        cart: json!({ "lines": [
            { "id": "1", "unitPrice": 500, "quantity": 2, "ids": ["a"] },
            { "id": "2", "unitPrice": 300, "quantity": 1, "ids": ["b", "c"], "onSale": true },
        ] }),
        customer: None,
        counters: json!({}),
        zones: json!({}),
        policy: json!({}),
        now: MONDAY,
        present: None,
    }
}

fn read<T>(json: &Json, parse: impl FnOnce(&Node<'_>) -> crate::error::Result<T>) -> T {
    let value: Value = serde_json::from_value(json.clone()).unwrap();
    parse(&Node::root(&value, "")).unwrap()
}

fn with(base: Json, further: &Json) -> Json {
    let mut base = base;
    for (key, value) in further.as_object().unwrap() {
        base[key] = value.clone();
    }
    base
}

fn instant(milliseconds: i64) -> Instant {
    read(&json!(milliseconds), Instant::parse)
}

fn text_of(code: &str) -> CodeText {
    read(&json!(code), CodeText::parse)
}

impl Case {
    fn coupon(mut self, restrictions: Json) -> Self {
        self.coupon = Some(json!({ "restrictions": restrictions }));
        self
    }

    fn assess(&self) -> Result<Assessment, Error> {
        self.ask(assess)
    }

    /// Whatever is asked of this candidate in this situation.
    fn ask<T>(&self, question: impl FnOnce(&Candidate<'_>, &Situation<'_>) -> T) -> T {
        let percent = json!({ "type": "percent", "basisPoints": 1000 });
        let now = instant(self.now);
        let coupon = self.coupon.as_ref().map(|coupon| {
            let base = match coupon.get("rules") {
                Some(_) => json!({ "id": "c", "type": "standard", "code": "C" }),
                None => json!({ "id": "c", "type": "standard", "code": "C", "discount": percent }),
            };
            read(&with(base, coupon), |node| {
                Coupon::define(node, None, instant(0))
            })
        });
        let id = Identifier::new("c").unwrap();
        let code = self.code.as_ref().map(|code| {
            read(code, |node| {
                Code::define(node, &id, instant(0), &mut || Ok(text_of("CODE")), &|_| {
                    Ok(Identifier::new("code").unwrap())
                })
            })
        });
        let rule = self.rule.as_ref().map(|rule| {
            let base = json!({ "id": "r", "gate": "coupon", "discount": percent });
            read(&with(base, rule), |node| {
                Rule::define(node, None, instant(0))
            })
        });
        let cart = read(&with(json!({ "currency": "EGP" }), &self.cart), Cart::parse);
        let customer = self
            .customer
            .as_ref()
            .map(|customer| read(customer, Customer::parse));
        let prior_orders = customer
            .as_ref()
            .and_then(|customer: &Customer| customer.prior_orders);
        let present: Option<Vec<Identifier>> = self
            .present
            .as_ref()
            .map(|ids| ids.iter().map(|id| Identifier::new(id).unwrap()).collect());
        let present: Option<Vec<&Identifier>> = present.as_ref().map(|ids| ids.iter().collect());
        question(
            &Candidate {
                coupon: coupon.as_ref(),
                code: code.as_ref(),
                rule: rule.as_ref(),
            },
            &Situation {
                cart: &cart,
                customer: customer.as_ref(),
                prior_orders,
                codes_allowed: true,
                now,
                usage: &read(&json!({ "counters": self.counters }), Usage::parse),
                policy: &read(&self.policy, Policy::parse),
                zones: &read(&self.zones, Zones::parse),
                present: present.as_deref(),
            },
        )
    }

    fn rejections(&self) -> Json {
        serde_json::to_value(self.assess().unwrap().rejections).unwrap()
    }

    /// `reason@level` of each.
    fn reasons(&self) -> Vec<String> {
        let rejections = self.rejections();
        let word = |rejection: &Json, field: &str| rejection[field].as_str().unwrap().to_owned();
        rejections
            .as_array()
            .unwrap()
            .iter()
            .map(|one| format!("{}@{}", word(one, "code"), word(one, "level")))
            .collect()
    }

    fn error(&self) -> (ErrorCode, String) {
        let error = self.assess().unwrap_err();
        (error.code(), error.path().to_owned())
    }
}
