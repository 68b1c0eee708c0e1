//! Where things are, and how a step runs another program.
//!
//! Owns paths and child processes; it must not know what is built.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every step ends in a value or in a message for the person at the terminal.
pub type Outcome<T> = Result<T, Box<dyn Error>>;

const NOT_BY_CARGO: &str = "the build tool is to be run as cargo xtask";

/// What is being built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// The package that is published.
    Release,
    /// The package of the trap test: one more export, which panics.
    Trap,
}

/// The repository, as one run of the build tool sees it.
pub struct Workspace {
    pub root: PathBuf,
    pub target: PathBuf,
    pub variant: Variant,
}

impl Workspace {
    pub fn open(variant: Variant) -> Outcome<Self> {
        // Asked at run time: a target folder shared by two checkouts holds one build tool for both.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").ok_or(NOT_BY_CARGO)?;
        let root = Path::new(&manifest).join("../..").canonicalize()?;
        if !root.join("node_modules/esbuild").is_dir() {
            return Err("the development tools are not installed: run npm ci".into());
        }
        // The tool runs as <target>/debug/xtask, whatever CARGO_TARGET_DIR or a config file says.
        let target = std::env::current_exe()?
            .ancestors()
            .nth(2)
            .ok_or(NOT_BY_CARGO)?
            .to_path_buf();
        Ok(Self {
            root,
            target,
            variant,
        })
    }

    /// Glue and wasm. The release variant writes where the TypeScript sources import from.
    pub fn generated(&self) -> PathBuf {
        match self.variant {
            Variant::Release => self.root.join("js/generated"),
            Variant::Trap => self.target.join("xtask/trap"),
        }
    }

    /// The finished package folder.
    pub fn package(&self) -> PathBuf {
        self.root.join(match self.variant {
            Variant::Release => "dist/package",
            Variant::Trap => "dist/package-trap",
        })
    }

    /// A Node script of the template, to be given its arguments.
    pub fn script(&self, name: &str) -> Command {
        let mut command = self.command("node");
        command.arg(self.root.join("pkg-template/build").join(name));
        command
    }

    /// A program of `node_modules/.bin`: never the one of the same name on PATH.
    pub fn tool(&self, name: &str) -> Command {
        self.command(self.root.join("node_modules/.bin").join(name))
    }

    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command
    }
}

/// Runs a program to its end; a failure names it.
pub fn run(command: &mut Command) -> Outcome<()> {
    let status = command
        .status()
        .map_err(|error| failure(command, &error.to_string()))?;
    if status.success() {
        Ok(())
    } else {
        Err(failure(command, &status.to_string()).into())
    }
}

/// Runs a program to its end and answers what it wrote to stdout.
pub fn read(command: &mut Command) -> Outcome<String> {
    let output = command
        .output()
        .map_err(|error| failure(command, &error.to_string()))?;
    if output.status.success() {
        Ok(String::from_utf8(output.stdout)?)
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(failure(command, &format!("{}\n{said}", output.status)).into())
    }
}

/// An empty folder at `path`, whatever was there.
pub fn fresh_folder(path: &Path) -> Outcome<()> {
    if path.exists() {
        fs::remove_dir_all(path)?;
    }
    Ok(fs::create_dir_all(path)?)
}

fn failure(command: &Command, reason: &str) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let line: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    format!("{} failed: {reason}", line.join(" "))
}
