//! Values across the boundary, by serde-wasm-bindgen.

use serde::{Deserialize, Serialize};
use wasm_bindgen::JsValue;

use crate::error::{Error, ErrorCode, Result};
use crate::model::Value;

/// Plain data of the shim's.
pub(super) fn incoming(value: JsValue) -> std::result::Result<Value, JsValue> {
    if value.is_undefined() {
        return Ok(Value::Null);
    }
    let deserializer = serde_wasm_bindgen::Deserializer::from(value);
    Value::deserialize(deserializer).map_err(|_| {
        thrown(&Error::new(
            ErrorCode::InvalidType,
            "",
            "must be plain data",
        ))
    })
}

/// An answer, or the error to be thrown.
pub(super) fn outgoing<T: Serialize>(answer: Result<T>) -> std::result::Result<JsValue, JsValue> {
    match answer {
        Ok(answer) => plain(&answer),
        Err(error) => Err(thrown(&error)),
    }
}

fn thrown(error: &Error) -> JsValue {
    plain(error).unwrap_or_else(|unserialisable| unserialisable)
}

fn plain<T: Serialize>(value: &T) -> std::result::Result<JsValue, JsValue> {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(JsValue::from)
}
