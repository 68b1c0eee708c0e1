//! The build tool: `cargo xtask package` turns the crate and `js/` into the npm package under `dist/`.
//!
//! Owns the order of the steps. It must not know what is inside an entry: the list of entries is
//! `pkg-template/build/entries.mjs`, the exports map is `pkg-template/package.json`.

mod order;
mod package;
mod sizes;
mod wasm;
mod workspace;

use std::process::ExitCode;

use workspace::{Outcome, Variant, Workspace};

const USAGE: &str = "\
usage: cargo xtask <command>

  glue              build the wasm and its JavaScript glue into js/generated/
  package           build dist/package/ and pack dist/coupon-engine-<version>.tgz
  package --trap    the same with the feature inject-trap: dist/package-trap/ and
                    dist/trap-coupon-engine-<version>.tgz, for tests only";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["glue"] => glue(),
        ["package"] => package(Variant::Release),
        ["package", "--trap"] => package(Variant::Trap),
        _ => Err(USAGE.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn glue() -> Outcome<()> {
    let workspace = Workspace::open(Variant::Release)?;
    wasm::generate(&workspace)
}

fn package(variant: Variant) -> Outcome<()> {
    let workspace = Workspace::open(variant)?;
    let version = package::agreed_version(&workspace)?;
    package::discard_tarball(&workspace, &version)?;
    wasm::generate(&workspace)?;
    package::assemble(&workspace)?;
    package::pack(&workspace, &version)?;
    sizes::enforce(&workspace)
}
