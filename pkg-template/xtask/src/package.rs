//! From wasm, glue and `js/` to the package folder and the tarball.
//!
//! Owns what lies where in the package. It must not know how an entry is bundled: that is
//! `pkg-template/build/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::workspace::{Outcome, Variant, Workspace, fresh_folder, run};

/// The one version of crate and package; an error where they differ.
pub fn agreed_version(workspace: &Workspace) -> Outcome<String> {
    let manifest = fs::read_to_string(workspace.root.join("Cargo.toml"))?;
    let template = fs::read_to_string(workspace.root.join("pkg-template/package.json"))?;
    let of_crate = between(&manifest, "\nversion = \"", "\"").ok_or("Cargo.toml has no version")?;
    let of_package = between(&template, "\"version\": \"", "\"")
        .ok_or("pkg-template/package.json has no version")?;
    if of_crate == of_package {
        Ok(of_crate.to_owned())
    } else {
        Err(format!(
            "the crate is {of_crate}, pkg-template/package.json is {of_package}: make them equal"
        )
        .into())
    }
}

/// Fills the package folder.
pub fn assemble(workspace: &Workspace) -> Outcome<()> {
    let package = workspace.package();
    fresh_folder(&package)?;
    fs::create_dir(package.join("dist"))?;
    fs::copy(
        workspace.generated().join("engine.wasm"),
        package.join("dist/engine.wasm"),
    )?;

    println!("esbuild: entries");
    let mut bundle = workspace.script("bundle.mjs");
    bundle.arg(workspace.generated()).arg(package.join("dist"));
    if workspace.variant == Variant::Trap {
        bundle.arg("--trap");
    }
    run(&mut bundle)?;

    println!("rollup: types");
    run(workspace.script("types.mjs").arg(package.join("dist")))?;

    for name in ["package.json", "README.md"] {
        fs::copy(
            workspace.root.join("pkg-template").join(name),
            package.join(name),
        )?;
    }
    fs::copy(
        workspace.root.join("js/conformance/README.md"),
        package.join("dist/conformance.md"),
    )?;
    copy_licences(&workspace.root, &package)
}

/// Packs the folder into the tarball.
pub fn pack(workspace: &Workspace, version: &str) -> Outcome<()> {
    let packed = workspace.target.join("xtask/packed");
    fresh_folder(&packed)?;
    let mut npm = workspace.command("npm");
    npm.args(["pack", "--silent", "--pack-destination"])
        .arg(&packed)
        .arg(workspace.package());
    npm.stdout(Stdio::null());
    run(&mut npm)?;
    let tarball = tarball(workspace, version);
    // Copied, not renamed: the target folder may be on another file system.
    fs::copy(
        packed.join(format!("coupon-engine-{version}.tgz")),
        &tarball,
    )?;
    println!(
        "packed {}",
        tarball.strip_prefix(&workspace.root)?.display()
    );
    Ok(())
}

/// A failed build must not leave the tarball of an earlier one to be tested.
pub fn discard_tarball(workspace: &Workspace, version: &str) -> Outcome<()> {
    let tarball = tarball(workspace, version);
    if tarball.exists() {
        fs::remove_file(tarball)?;
    }
    Ok(())
}

fn tarball(workspace: &Workspace, version: &str) -> PathBuf {
    let prefix = match workspace.variant {
        Variant::Release => "",
        Variant::Trap => "trap-",
    };
    workspace
        .root
        .join(format!("dist/{prefix}coupon-engine-{version}.tgz"))
}

fn copy_licences(root: &Path, package: &Path) -> Outcome<()> {
    let mut copied = 0;
    for entry in fs::read_dir(root)? {
        let name = entry?.file_name();
        if name.to_string_lossy().starts_with("LICENSE") {
            fs::copy(root.join(&name), package.join(&name))?;
            copied += 1;
        }
    }
    if copied == 0 {
        return Err("there is no LICENSE at the root to put into the package".into());
    }
    Ok(())
}

fn between<'text>(text: &'text str, start: &str, end: &str) -> Option<&'text str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(found, _)| found)
}
