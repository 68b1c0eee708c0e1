//! The boundary: JavaScript values in, JavaScript values out, nothing decided here. The only place that knows
//! wasm-bindgen. Its callers give plain data (the shim has copied it), so that no host code ever runs from inside.

mod convert;
mod entropy;
mod prepared;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::code::{CodeText, GenerationRequest, GivenBytes, InnerSpace};
use crate::coupon;
use crate::error::Error;
use crate::link::{UrlTokenOptions, parse_url_token};
use crate::model::{Code, Coupon, Instant, Node, Policy, SCHEMA_VERSION, Value};
use crate::operation::{self, Context};
use convert::{incoming, outgoing};
use entropy::PlatformEntropy;

type Answer = std::result::Result<JsValue, JsValue>;

/// Evaluates a request that brings its coupons along.
#[wasm_bindgen]
pub fn evaluate(request: JsValue) -> Answer {
    let request = incoming(request)?;
    outgoing(operation::evaluate(&Node::root(&request, "")))
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
    #[derive(Serialize)]
    struct Codes {
        codes: Vec<Code>,
    }
    let (input, context) = (incoming(input)?, incoming(context)?);
    outgoing(
        Context::parse(&Node::root(&context, "")).and_then(|context| {
            let node = Node::root(&input, "");
            coupon::define_codes(&node, context.now(), &mut PlatformEntropy)
                .map(|codes| Codes { codes })
        }),
    )
}

/// Status, terms and figures of a coupon record.
#[wasm_bindgen]
pub fn describe(input: JsValue) -> Answer {
    let input = incoming(input)?;
    let node = Node::root(&input, "");
    outgoing(node.object(&["coupon", "used", "now"]).and_then(|object| {
        let record = object.required("coupon", Coupon::from_record)?;
        let used = object.required("used", |used| used.integer(0, i64::MAX))?;
        let now = object.required("now", Instant::parse)?;
        Ok(coupon::describe(&record, used, now))
    }))
}

/// Makes codes, from the given bytes or else the platform's.
#[wasm_bindgen(js_name = generateCodes)]
pub fn generate_codes(request: JsValue) -> Answer {
    let request = incoming(request)?;
    let node = Node::root(&request, "");
    outgoing(GenerationRequest::parse(&node).and_then(|generation| {
        let given = match &request {
            Value::Map(fields) => fields.iter().find(|(name, _)| name == "entropy"),
            _ => None,
        };
        match given {
            Some((_, Value::Bytes(bytes))) => generation.generate(&mut GivenBytes::new(bytes)?),
            None | Some((_, Value::Null)) => generation.generate(&mut PlatformEntropy),
            Some(_) => Err(Error::expected(&node.path().key("entropy"), "a Uint8Array")),
        }
    }))
}

/// The canonical form of a text, or null.
#[wasm_bindgen(js_name = canonicalCode)]
pub fn canonical_code(text: &str, inner_space: JsValue) -> Answer {
    let inner_space = incoming(inner_space)?;
    outgoing(
        InnerSpace::parse(&Node::root(&inner_space, "innerSpace"))
            .map(|inner_space| CodeText::canonical(text, inner_space)),
    )
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

/// A policy with every value settled.
#[wasm_bindgen(js_name = resolvePolicy)]
pub fn resolve_policy(policy: JsValue) -> Answer {
    let policy = incoming(policy)?;
    outgoing(Policy::parse(&Node::root(&policy, "policy")))
}

/// The schema of the records this engine reads and writes.
#[wasm_bindgen(js_name = schemaVersion)]
pub fn schema_version() -> Answer {
    outgoing(Ok(SCHEMA_VERSION))
}

/// Panics, in test builds only: the package must survive it.
#[cfg(feature = "inject-trap")]
#[expect(clippy::panic, reason = "the trap that this build exists for")]
#[wasm_bindgen(js_name = injectTrap)]
pub fn inject_trap() {
    panic!("injected trap");
}
