//! The boundary: JavaScript values in, JavaScript values out, nothing decided here. The only place that knows
//! wasm-bindgen. Its callers give plain data (the shim has copied it), so that no host code ever runs from inside.

mod convert;
mod entropy;
mod host;
mod prepared;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::code::{GenerationRequest, GivenBytes};
use crate::coupon;
use crate::error::Error;
use crate::link::{UrlTokenOptions, parse_url_token};
use crate::model::{Code, Customer, Disclosure, Node, Policy, Rule, Settings, Value};
use crate::operation::{self, Quote};
use convert::{answer, answer_in, incoming, json};
use entropy::PlatformEntropy;

type Answer = std::result::Result<JsValue, JsValue>;

/// A quote, and for whom the shim writes its texts.
#[derive(Serialize)]
struct Evaluated {
    outcome: Quote,
    disclosure: Disclosure,
}

impl From<Quote> for Evaluated {
    fn from(quote: Quote) -> Self {
        Self {
            disclosure: quote.disclosure,
            outcome: quote,
        }
    }
}

/// Evaluates a request that brings its coupons along.
#[wasm_bindgen]
pub fn evaluate(request: JsValue) -> Answer {
    answer(request, "", &|request| {
        json(operation::evaluate(request).map(Evaluated::from))
    })
}

/// Runs an operation as far as the replies reach.
#[wasm_bindgen]
pub fn step(command: JsValue, context: JsValue, replies: JsValue) -> Answer {
    let replies = incoming(&replies)?;
    answer_in(command, context, &|command, context| {
        let replies = Node::root(&replies, "replies");
        json(operation::step(command, context, &replies))
    })
}

/// How a customer's keys are named in what is stored.
#[wasm_bindgen(js_name = customerNames)]
pub fn customer_names(customer: JsValue, context: JsValue) -> Answer {
    answer_in(customer, context, &|customer, context| {
        json(Customer::parse(customer).map(|customer| {
            let strips = context.policy().strip_plus_tag;
            operation::customer_names(Some(&customer), strips, context.identities())
        }))
    })
}

/// The digest of a text under the shop's key.
#[wasm_bindgen]
pub fn digest(text: JsValue, context: JsValue) -> Answer {
    answer_in(text, context, &|text, context| {
        json(text.text().map(|text| context.identities().digest(text)))
    })
}

/// Checks a coupon's definition.
#[wasm_bindgen(js_name = defineCoupon)]
pub fn define_coupon(definition: JsValue, context: JsValue) -> Answer {
    answer_in(definition, context, &|definition, context| {
        json(coupon::define_coupon(
            definition,
            &context.policy(),
            context.now(),
            &mut PlatformEntropy,
        ))
    })
}

/// Checks codes that are added to a coupon.
#[wasm_bindgen(js_name = defineCodes)]
pub fn define_codes(input: JsValue, context: JsValue) -> Answer {
    answer_in(input, context, &|input, context| {
        json(coupon::define_codes(
            input,
            context.now(),
            &mut PlatformEntropy,
        ))
    })
}

/// Checks a rule's definition.
#[wasm_bindgen(js_name = defineRule)]
pub fn define_rule(definition: JsValue, context: JsValue) -> Answer {
    answer_in(definition, context, &|definition, context| {
        json(coupon::define_rule(
            definition,
            &context.policy(),
            context.now(),
            &mut PlatformEntropy,
        ))
    })
}

/// A coupon record with changes.
#[wasm_bindgen(js_name = reviseCoupon)]
pub fn revise_coupon(input: JsValue, context: JsValue) -> Answer {
    answer_in(input, context, &|input, context| {
        json(coupon::revise_coupon(input, &context.policy()))
    })
}

/// A code record with changes.
#[wasm_bindgen(js_name = reviseCode)]
pub fn revise_code(input: JsValue, context: JsValue) -> Answer {
    answer_in(input, context, &|input, context| {
        json(coupon::revise_code(input, &context.policy()))
    })
}

/// A rule record with changes.
#[wasm_bindgen(js_name = reviseRule)]
pub fn revise_rule(input: JsValue, context: JsValue) -> Answer {
    answer_in(input, context, &|input, context| {
        json(coupon::revise_rule(input, &context.policy()))
    })
}

/// Whether a payment is still discounted by a coupon redeemed earlier.
#[wasm_bindgen(js_name = discountActiveAt)]
pub fn discount_active_at(request: JsValue) -> Answer {
    answer(request, "", &|request| {
        json(coupon::discount_active_at(request))
    })
}

/// Status and figures of a coupon record.
#[wasm_bindgen]
pub fn describe(input: JsValue) -> Answer {
    answer(input, "", &|input| json(coupon::describe(input)))
}

/// Makes codes, from the given bytes or else the platform's.
#[wasm_bindgen(js_name = generateCodes)]
pub fn generate_codes(request: JsValue) -> Answer {
    answer(request, "", &|request| {
        let generation = GenerationRequest::parse(request)?;
        json(match request.value().field("entropy") {
            Some(Value::Bytes(bytes)) => generation.generate(&mut GivenBytes::new(bytes)?),
            None | Some(Value::Null) => generation.generate(&mut PlatformEntropy),
            Some(_) => Err(Error::expected(
                &request.path().key("entropy"),
                "a Uint8Array",
            )),
        })
    })
}

/// The codes that a URL carries.
#[wasm_bindgen(js_name = parseUrlToken)]
pub fn parse_url(url: &str, options: JsValue) -> Answer {
    answer(options, "options", &|options| {
        json(parse_url_token(url, &UrlTokenOptions::parse(options)?))
    })
}

/// The settings record of a policy, every value settled.
#[wasm_bindgen(js_name = defineSettings)]
pub fn define_settings(policy: JsValue) -> Answer {
    answer(policy, "policy", &|policy| {
        json(Policy::parse(policy).map(Settings::new))
    })
}

/// A stored settings record, checked.
#[wasm_bindgen(js_name = readSettings)]
pub fn read_settings(record: JsValue) -> Answer {
    answer(record, "settings", &|record| {
        json(Settings::from_record(record).map_err(Error::in_storage_answer))
    })
}

/// Refuses stored code records that are not of the contract's shape.
#[wasm_bindgen(js_name = readCodes)]
pub fn read_codes(records: JsValue) -> Answer {
    answer(records, "codes", &|codes| {
        let codes = codes.list(0, usize::MAX, |code| Code::from_record(code).map(|_| ()));
        json(codes.map(|_| ()).map_err(Error::in_storage_answer))
    })
}

/// Refuses stored rule records that are not of the contract's shape.
#[wasm_bindgen(js_name = readRules)]
pub fn read_rules(records: JsValue) -> Answer {
    answer(records, "rules", &|rules| {
        let rules = rules.list(0, usize::MAX, |rule| Rule::from_record(rule).map(|_| ()));
        json(rules.map(|_| ()).map_err(Error::in_storage_answer))
    })
}

/// Panics, in test builds only: the package must survive it.
#[cfg(feature = "inject-trap")]
#[expect(clippy::panic, reason = "the trap that this build exists for")]
#[wasm_bindgen(js_name = injectTrap)]
pub fn inject_trap() {
    panic!("injected trap");
}
