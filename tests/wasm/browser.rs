//! The engine in a browser: the answers of the native build, to the byte, and the platform's randomness.
#![cfg(target_arch = "wasm32")]

mod answers;
mod golden;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
