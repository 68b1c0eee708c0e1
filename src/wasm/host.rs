//! What is used of JavaScript's own functions.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A list.
    #[wasm_bindgen(is_type_of = Array::is_array)]
    pub(super) type Array;

    #[wasm_bindgen(static_method_of = Array, js_name = isArray)]
    pub(super) fn is_array(value: &JsValue) -> bool;

    #[wasm_bindgen(method, getter)]
    pub(super) fn length(this: &Array) -> u32;

    #[wasm_bindgen(method, indexing_getter)]
    pub(super) fn at(this: &Array, index: u32) -> JsValue;

    /// Raw bytes.
    pub(super) type Uint8Array;

    #[wasm_bindgen(static_method_of = Uint8Array, js_name = from)]
    pub(super) fn copied(array: &Uint8Array) -> Vec<u8>;

    /// The fields of an object, each a list of its key and its value.
    #[wasm_bindgen(js_namespace = Object)]
    pub(super) fn entries(object: &JsValue) -> Array;

    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    pub(super) fn parse_json(text: &str) -> Result<JsValue, JsValue>;
}

impl Array {
    pub(super) fn iter(&self) -> impl Iterator<Item = JsValue> + '_ {
        (0..self.length()).map(|index| self.at(index))
    }
}
