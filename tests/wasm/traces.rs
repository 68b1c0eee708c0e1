//! The simulated runs in wasm are those of the native build: everything the engine says, to the byte.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::simulation::assert_golden;

#[wasm_bindgen_test]
fn invariant_m6_traces_are_those_of_the_native_build() {
    assert_golden();
}
