//! From the crate to wasm and its glue: cargo, wasm-bindgen, wasm-opt.
//!
//! Owns the flags of the three. It must not touch the package folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use wasm_bindgen_cli_support::Bindgen;

use crate::order;
use crate::sizes::{self, Size};
use crate::workspace::{Outcome, Variant, Workspace, fresh_folder, run};

/// Builds `engine.wasm`, `glue.js`, `inline.js` and their types into the generated folder.
pub fn generate(workspace: &Workspace) -> Outcome<()> {
    let compiled = compile(workspace)?;
    let generated = workspace.generated();
    let finished = generated.join("inline.js");
    let tools = [
        std::env::current_exe()?,
        workspace.root.join("pkg-template/build/inline.mjs"),
    ];
    if is_newer(&finished, &[&compiled, &tools[0], &tools[1]]) {
        println!("wasm: up to date");
        return Ok(());
    }
    fresh_folder(&generated)?;
    println!("wasm-bindgen: glue");
    bind(&compiled, &generated)?;
    let engine = generated.join("engine.wasm");
    fs::rename(generated.join("glue_bg.wasm"), &engine)?;
    fs::remove_file(generated.join("glue_bg.wasm.d.ts"))?;
    optimise(workspace, &engine)?;
    run(workspace.script("inline.mjs").arg(&engine).arg(&generated))
}

/// What is at most this costly is copied into its callers: with `z` alone, calls are left that cost more than what they
/// call.
const INLINING: &str = "-Cllvm-args=-inline-threshold=10";

fn compile(workspace: &Workspace) -> Outcome<PathBuf> {
    println!("cargo: release build for wasm32-unknown-unknown");
    let mut cargo = workspace.command("cargo");
    cargo.args(["build", "--release", "--lib", "--package", "coupon-engine"]);
    cargo.args(["--target", "wasm32-unknown-unknown"]);
    cargo.arg("--target-dir").arg(&workspace.target);
    if workspace.variant == Variant::Trap {
        cargo.args(["--features", "inject-trap"]);
    }
    // A fifth slower than the release build of the host and a tenth smaller on the wire.
    cargo.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "z");
    cargo.env(
        "CARGO_ENCODED_RUSTFLAGS",
        rust_flags(workspace)?.join("\u{1f}"),
    );
    run(&mut cargo)?;
    Ok(workspace
        .target
        .join("wasm32-unknown-unknown/release/coupon_engine.wasm"))
}

/// Panic locations carry source paths; they must be the same on every machine, whoever builds and wherever the crates
/// came from.
fn rust_flags(workspace: &Workspace) -> Outcome<Vec<String>> {
    let mut flags = vec![
        INLINING.to_owned(),
        format!(
            "--remap-path-prefix={}=coupon-engine",
            workspace.root.display()
        ),
    ];
    for registry in crate_folders()? {
        flags.push(format!("--remap-path-prefix={}=crates", registry.display()));
    }
    Ok(flags)
}

/// The folders cargo unpacks crates into, one per registry. They exist: this tool was built from one.
fn crate_folders() -> Outcome<Vec<PathBuf>> {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
    let cargo_home = match (std::env::var_os("CARGO_HOME"), home) {
        (Some(folder), _) => PathBuf::from(folder),
        (None, Some(folder)) => Path::new(&folder).join(".cargo"),
        (None, None) => return Err("neither CARGO_HOME nor a home folder is known".into()),
    };
    let mut folders = Vec::new();
    for entry in fs::read_dir(cargo_home.join("registry/src"))? {
        folders.push(entry?.path());
    }
    folders.sort();
    Ok(folders)
}

fn bind(compiled: &Path, folder: &Path) -> Outcome<()> {
    Bindgen::new()
        .input_path(compiled)
        .out_name("glue")
        .web(true)?
        // No `import.meta.url` in the glue: it breaks CommonJS, classic scripts and dev servers.
        .omit_default_module_path(true)
        // What the shim calls to replace an instance after a trap.
        .reset_state_function(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .typescript(true)
        .generate(folder)
        .map_err(|error| format!("wasm-bindgen: {error:#}").into())
}

/// The passes that shrink what travels. All others, and so every level of `-O`, make functions less alike than the
/// compiler left them: the file gets smaller and its compressed form larger.
const PASSES: [&str; 6] = [
    "--duplicate-function-elimination",
    "--remove-unused-brs",
    "--remove-unused-names",
    "--vacuum",
    "--reorder-locals",
    "--remove-unused-module-elements",
];

/// The smaller on the wire is kept.
fn optimise(workspace: &Workspace, engine: &Path) -> Outcome<()> {
    let optimised = engine.with_extension("optimised.wasm");
    // No feature flags: wasm-opt reads the target_features section, and with `--all-features` it
    // writes modules that no engine loads.
    run(workspace
        .tool("wasm-opt")
        .args(PASSES)
        .arg(engine)
        .arg("-o")
        .arg(&optimised))?;
    let named = engine.with_extension("named.wasm");
    fs::write(&named, order::named_by_likeness(&fs::read(&optimised)?)?)?;
    run(workspace
        .tool("wasm-opt")
        .arg("--reorder-functions-by-name")
        .arg(&named)
        .arg("-o")
        .arg(&optimised))?;
    fs::remove_file(named)?;
    let [before, after] = sizes::measure(workspace, &[engine.into(), optimised.clone()])?
        .try_into()
        .map_err(|_| "two files were to be measured")?;
    let on_wire = |size: &Size| size.gzip + size.brotli;
    if on_wire(&after) < on_wire(&before) {
        println!(
            "wasm-opt: kept, {} → {} bytes gzip",
            before.gzip, after.gzip
        );
        fs::rename(optimised, engine)?;
    } else {
        println!(
            "wasm-opt: not kept, {} → {} bytes gzip",
            before.gzip, after.gzip
        );
        fs::remove_file(optimised)?;
    }
    Ok(())
}

fn is_newer(file: &Path, sources: &[&Path]) -> bool {
    let modified = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
    let newest = sources
        .iter()
        .map(|source| modified(source).unwrap_or_else(|_| SystemTime::now()));
    match (modified(file), newest.max()) {
        (Ok(own), Some(newest)) => own > newest,
        _ => false,
    }
}
