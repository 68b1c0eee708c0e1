//! The runner that `cargo test --target wasm32-unknown-unknown` hands its binaries to (`.cargo/config.toml`).
//!
//! Owns the choice of runner: wasm-bindgen's own, as a library at the version in `Cargo.lock`, so that nothing has to be
//! installed and the versions cannot drift. It must not know any test.

use std::process::ExitCode;

fn main() -> ExitCode {
    match wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(std::env::args_os()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::FAILURE
        }
    }
}
