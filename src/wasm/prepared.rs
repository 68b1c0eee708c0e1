//! Prepared coupon sets: the one thing that lives in wasm between calls, because the caller asked for it. The shim
//! keeps the definitions and prepares again after a trap.

use std::cell::RefCell;
use std::collections::BTreeMap;

use wasm_bindgen::prelude::*;

use super::Answer;
use super::convert::{incoming, outgoing};
use crate::error::{Error, ErrorCode};
use crate::model::Node;
use crate::operation::Prepared;

#[derive(Default)]
struct Sets {
    next: u32,
    by_handle: BTreeMap<u32, Prepared>,
}

thread_local! {
    static SETS: RefCell<Sets> = RefCell::default();
}

/// Reads coupons once, for many carts; answers a handle.
#[wasm_bindgen]
pub fn prepare(coupons: JsValue) -> Answer {
    let coupons = incoming(coupons)?;
    outgoing(Prepared::new(&Node::root(&coupons, "coupons")).map(|set| {
        SETS.with_borrow_mut(|sets| {
            sets.next = sets.next.wrapping_add(1);
            sets.by_handle.insert(sets.next, set);
            sets.next
        })
    }))
}

/// Evaluates a request on a prepared set.
#[wasm_bindgen(js_name = evaluatePrepared)]
pub fn evaluate_prepared(handle: u32, request: JsValue) -> Answer {
    let request = incoming(request)?;
    SETS.with_borrow(|sets| {
        outgoing(match sets.by_handle.get(&handle) {
            Some(set) => set.evaluate(&Node::root(&request, "")),
            None => Err(Error::new(
                ErrorCode::InvalidValue,
                "handle",
                "is not of a prepared set",
            )),
        })
    })
}

/// Frees a prepared set.
#[wasm_bindgen(js_name = releasePrepared)]
pub fn release_prepared(handle: u32) {
    SETS.with_borrow_mut(|sets| sets.by_handle.remove(&handle));
}
