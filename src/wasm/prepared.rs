//! Prepared coupon sets: the one thing that lives in wasm between calls, because the caller asked for it. The shim
//! keeps the definitions and prepares again after a trap.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;

use super::convert::{answer, json};
use super::{Answer, Evaluated};
use crate::error::{Error, ErrorCode};
use crate::operation::Prepared;

thread_local! {
    /// By handle; a place that is free again is given to the next set.
    static SETS: RefCell<Vec<Option<Prepared>>> = RefCell::default();
}

/// Reads coupons and rules once, for many carts; answers a handle.
#[wasm_bindgen]
pub fn prepare(definitions: JsValue) -> Answer {
    answer(definitions, "", &|definitions| {
        json(Prepared::new(definitions).map(keep))
    })
}

fn keep(set: Prepared) -> usize {
    SETS.with_borrow_mut(|sets| {
        let handle = sets.iter().position(Option::is_none).unwrap_or(sets.len());
        match sets.get_mut(handle) {
            Some(place) => *place = Some(set),
            None => sets.push(Some(set)),
        }
        handle
    })
}

/// Evaluates a request on a prepared set.
#[wasm_bindgen(js_name = evaluatePrepared)]
pub fn evaluate_prepared(handle: usize, request: JsValue) -> Answer {
    answer(request, "", &|request| {
        SETS.with_borrow(|sets| {
            json(match sets.get(handle).and_then(Option::as_ref) {
                Some(set) => set.evaluate(request).map(Evaluated::from),
                None => Err(Error::new(
                    ErrorCode::InvalidValue,
                    "handle",
                    "is not of a prepared set",
                )),
            })
        })
    })
}

/// Frees a prepared set.
#[wasm_bindgen(js_name = releasePrepared)]
pub fn release_prepared(handle: usize) {
    SETS.with_borrow_mut(|sets| sets.get_mut(handle).and_then(Option::take));
}
