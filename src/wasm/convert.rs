//! Values across the boundary: requests are read where they stand, answers travel as JSON text.

use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};

use super::Answer;
use super::host::{Array, Uint8Array, entries, parse_json};
use crate::error::{Error, ErrorCode, Result};
use crate::json::text_of;
use crate::model::{Node, Value};
use crate::operation::Context;

/// Answers a call on plain data of the shim's; `name` is what paths begin with.
pub(super) fn answer(
    input: JsValue,
    name: &str,
    run: &dyn Fn(&Node<'_>) -> Result<String>,
) -> Answer {
    let input = incoming(&input)?;
    outgoing(run(&Node::root(&input, name)))
}

/// The same in a context.
pub(super) fn answer_in(
    input: JsValue,
    context: JsValue,
    run: &dyn Fn(&Node<'_>, &Context) -> Result<String>,
) -> Answer {
    let context = incoming(&context)?;
    answer(input, "", &|node| {
        run(node, &Context::parse(&Node::root(&context, ""))?)
    })
}

/// An answer as text. One that cannot be written is no text of JSON, and so no answer.
pub(super) fn json<T: Serialize>(answer: Result<T>) -> Result<String> {
    answer.map(|answer| text_of(&answer).unwrap_or_default())
}

pub(super) fn incoming(value: &JsValue) -> std::result::Result<Value, JsValue> {
    plain_data(value).ok_or_else(|| {
        thrown(&Error::new(
            ErrorCode::InvalidType,
            "",
            "must be plain data",
        ))
    })
}

fn plain_data(value: &JsValue) -> Option<Value> {
    if value.is_undefined() || value.is_null() {
        Some(Value::Null)
    } else if let Some(flag) = value.as_bool() {
        Some(Value::Bool(flag))
    } else if let Some(number) = value.as_f64() {
        Some(Value::from_float(number))
    } else if let Some(text) = value.as_string() {
        Some(Value::Text(text))
    } else if let Some(list) = value.dyn_ref::<Array>() {
        let list: Option<Vec<Value>> = list.iter().map(|entry| plain_data(&entry)).collect();
        list.map(Value::List)
    } else if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
        Some(Value::Bytes(Uint8Array::copied(bytes)))
    } else if value.is_object() {
        let fields: Option<Vec<(String, Value)>> = entries(value)
            .iter()
            .map(|field| {
                let field: Array = field.unchecked_into();
                Some((field.at(0).as_string()?, plain_data(&field.at(1))?))
            })
            .collect();
        fields.map(Value::Map)
    } else {
        None
    }
}

/// An answer, or the error to be thrown.
fn outgoing(answer: Result<String>) -> Answer {
    match answer {
        Ok(text) => parse_json(&text),
        Err(error) => Err(thrown(&error)),
    }
}

fn thrown(error: &Error) -> JsValue {
    let text = text_of(error).unwrap_or_default();
    parse_json(&text).unwrap_or_else(|unreadable| unreadable)
}
