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
use crate::error::{Error, Result};
use crate::link::{UrlTokenOptions, parse_url_token};
use crate::model::{Code, Disclosure, Node, Policy, Rule, Settings, Value};
use crate::operation::{self, Context, Quote};
use convert::{incoming, outgoing};
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
    let request = incoming(request)?;
    outgoing(operation::evaluate(&Node::root(&request, "")).map(Evaluated::from))
}

/// Runs an operation as far as the replies reach.
#[wasm_bindgen]
pub fn step(command: JsValue, context: JsValue, replies: JsValue) -> Answer {
    let (command, context, replies) = (incoming(command)?, incoming(context)?, incoming(replies)?);
    outgoing(
        Context::parse(&Node::root(&context, "")).and_then(|context| {
            operation::step(
                &Node::root(&command, ""),
                &context,
                &Node::root(&replies, "replies"),
            )
        }),
    )
}

/// Checks a coupon's definition.
#[wasm_bindgen(js_name = defineCoupon)]
pub fn define_coupon(definition: JsValue, context: JsValue) -> Answer {
    let (definition, context) = (incoming(definition)?, incoming(context)?);
    outgoing(
        Context::parse(&Node::root(&context, "")).and_then(|context| {
            coupon::define_coupon(
                &Node::root(&definition, ""),
                &context.policy(),
                context.now(),
                &mut PlatformEntropy,
            )
        }),
    )
}

/// Checks codes that are added to a coupon.
#[wasm_bindgen(js_name = defineCodes)]
pub fn define_codes(input: JsValue, context: JsValue) -> Answer {
    let (input, context) = (incoming(input)?, incoming(context)?);
    outgoing(
        Context::parse(&Node::root(&context, "")).and_then(|context| {
            let node = Node::root(&input, "");
            coupon::define_codes(&node, context.now(), &mut PlatformEntropy)
        }),
    )
}

/// Checks a rule's definition.
#[wasm_bindgen(js_name = defineRule)]
pub fn define_rule(definition: JsValue, context: JsValue) -> Answer {
    let (definition, context) = (incoming(definition)?, incoming(context)?);
    outgoing(
        Context::parse(&Node::root(&context, "")).and_then(|context| {
            coupon::define_rule(
                &Node::root(&definition, ""),
                &context.policy(),
                context.now(),
                &mut PlatformEntropy,
            )
        }),
    )
}

/// A coupon record with changes.
#[wasm_bindgen(js_name = reviseCoupon)]
pub fn revise_coupon(input: JsValue, context: JsValue) -> Answer {
    revised(input, context, coupon::revise_coupon)
}

/// A code record with changes.
#[wasm_bindgen(js_name = reviseCode)]
pub fn revise_code(input: JsValue, context: JsValue) -> Answer {
    revised(input, context, coupon::revise_code)
}

/// A rule record with changes.
#[wasm_bindgen(js_name = reviseRule)]
pub fn revise_rule(input: JsValue, context: JsValue) -> Answer {
    revised(input, context, coupon::revise_rule)
}

fn revised<T: Serialize>(
    input: JsValue,
    context: JsValue,
    revise: fn(&Node<'_>, &Policy) -> Result<T>,
) -> Answer {
    let (input, context) = (incoming(input)?, incoming(context)?);
    outgoing(
        Context::parse(&Node::root(&context, ""))
            .and_then(|context| revise(&Node::root(&input, ""), &context.policy())),
    )
}

/// Whether a payment is still discounted by a coupon redeemed earlier.
#[wasm_bindgen(js_name = discountActiveAt)]
pub fn discount_active_at(request: JsValue) -> Answer {
    let request = incoming(request)?;
    outgoing(coupon::discount_active_at(&Node::root(&request, "")))
}

/// Status and figures of a coupon record.
#[wasm_bindgen]
pub fn describe(input: JsValue) -> Answer {
    let input = incoming(input)?;
    outgoing(coupon::describe(&Node::root(&input, "")))
}

/// Makes codes, from the given bytes or else the platform's.
#[wasm_bindgen(js_name = generateCodes)]
pub fn generate_codes(request: JsValue) -> Answer {
    let request = incoming(request)?;
    let node = Node::root(&request, "");
    outgoing(GenerationRequest::parse(&node).and_then(
        |generation| match request.field("entropy") {
            Some(Value::Bytes(bytes)) => generation.generate(&mut GivenBytes::new(bytes)?),
            None | Some(Value::Null) => generation.generate(&mut PlatformEntropy),
            Some(_) => Err(Error::expected(&node.path().key("entropy"), "a Uint8Array")),
        },
    ))
}

/// The codes that a URL carries.
#[wasm_bindgen(js_name = parseUrlToken)]
pub fn parse_url(url: &str, options: JsValue) -> Answer {
    let options = incoming(options)?;
    outgoing(
        UrlTokenOptions::parse(&Node::root(&options, "options"))
            .and_then(|options| parse_url_token(url, &options)),
    )
}

/// The settings record of a policy, every value settled.
#[wasm_bindgen(js_name = defineSettings)]
pub fn define_settings(policy: JsValue) -> Answer {
    let policy = incoming(policy)?;
    outgoing(Policy::parse(&Node::root(&policy, "policy")).map(Settings::new))
}

/// A stored settings record, checked.
#[wasm_bindgen(js_name = readSettings)]
pub fn read_settings(record: JsValue) -> Answer {
    let record = incoming(record)?;
    let settings = Settings::from_record(&Node::root(&record, "settings"));
    outgoing(settings.map_err(Error::in_storage_answer))
}

/// Refuses stored code records that are not of the contract's shape.
#[wasm_bindgen(js_name = readCodes)]
pub fn read_codes(records: JsValue) -> Answer {
    let records = incoming(records)?;
    let codes = Node::root(&records, "codes")
        .list(0, usize::MAX, |code| Code::from_record(code).map(|_| ()));
    outgoing(codes.map(|_| ()).map_err(Error::in_storage_answer))
}

/// Refuses stored rule records that are not of the contract's shape.
#[wasm_bindgen(js_name = readRules)]
pub fn read_rules(records: JsValue) -> Answer {
    let records = incoming(records)?;
    let rules = Node::root(&records, "rules")
        .list(0, usize::MAX, |rule| Rule::from_record(rule).map(|_| ()));
    outgoing(rules.map(|_| ()).map_err(Error::in_storage_answer))
}

/// Panics, in test builds only: the package must survive it.
#[cfg(feature = "inject-trap")]
#[expect(clippy::panic, reason = "the trap that this build exists for")]
#[wasm_bindgen(js_name = injectTrap)]
pub fn inject_trap() {
    panic!("injected trap");
}
