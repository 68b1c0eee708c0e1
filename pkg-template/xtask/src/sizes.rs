//! What the package weighs, and what it may weigh.
//!
//! Owns the budgets. It must not change a file.

use std::fs;
use std::path::{Path, PathBuf};

use crate::workspace::{Outcome, Workspace, read};

const WASM_GZIP: u64 = 167_000;
const DEFAULT_GZIP: u64 = 210_000;
const UNPACKED: u64 = 1_900_000;

/// Bytes of one file, as it is and as it travels.
pub struct Size {
    pub raw: u64,
    pub gzip: u64,
    pub brotli: u64,
}

/// Prints the table of sizes and fails where a budget is exceeded.
pub fn enforce(workspace: &Workspace) -> Outcome<()> {
    let package = workspace.package();
    let mut files = Vec::new();
    collect(&package, &mut files)?;
    files.sort();
    let unpacked: u64 = files.iter().map(|(_, length)| length).sum();
    let shown: Vec<PathBuf> = files
        .into_iter()
        .map(|(file, _)| file)
        .filter(|file| is_code(file))
        .collect();
    let sizes = measure(workspace, &shown)?;

    println!(
        "{:<32}{:>10}{:>10}{:>10}",
        "size in bytes", "raw", "gzip", "brotli"
    );
    let (mut wasm, mut default_entry) = (0, 0);
    for (file, size) in shown.iter().zip(&sizes) {
        let name = file
            .strip_prefix(&package)?
            .to_string_lossy()
            .replace('\\', "/");
        println!(
            "{name:<32}{:>10}{:>10}{:>10}",
            size.raw, size.gzip, size.brotli
        );
        match name.as_str() {
            "dist/engine.wasm" => wasm = size.gzip,
            "dist/index.js" | "dist/shim.js" => default_entry += size.gzip,
            _ => {}
        }
    }
    let mut excesses = Vec::new();
    for (what, gzip, budget) in [
        ("the wasm", wasm, WASM_GZIP),
        (
            "the default entry and its shim",
            default_entry,
            DEFAULT_GZIP,
        ),
    ] {
        if gzip > budget {
            excesses.push(format!("{what}: {gzip} bytes gzip, budget {budget}"));
        }
    }
    println!("{:<32}{unpacked:>10}", "unpacked");
    if unpacked > UNPACKED {
        excesses.push(format!("unpacked: {unpacked} bytes, budget {UNPACKED}"));
    }
    if excesses.is_empty() {
        Ok(())
    } else {
        Err(format!("over the size budget\n{}", excesses.join("\n")).into())
    }
}

/// The sizes of the files, in their order. Node's zlib does the compressing.
pub fn measure(workspace: &Workspace, files: &[PathBuf]) -> Outcome<Vec<Size>> {
    let lines = read(workspace.script("measure.mjs").args(files))?;
    lines
        .lines()
        .map(|line| {
            let numbers: Vec<u64> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
            match numbers.as_slice() {
                [raw, gzip, brotli] => Ok(Size {
                    raw: *raw,
                    gzip: *gzip,
                    brotli: *brotli,
                }),
                _ => Err(format!("measure.mjs said {line:?}").into()),
            }
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<(PathBuf, u64)>) -> Outcome<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.push((entry.path(), entry.metadata()?.len()));
        }
    }
    Ok(())
}

fn is_code(file: &Path) -> bool {
    file.extension()
        .is_some_and(|extension| ["js", "cjs", "wasm"].iter().any(|code| extension == *code))
}
