//! T2 and the layers, read off the source: no clock and no randomness, the boundary's crates at the boundary only, and
//! the shape every file keeps. Owns the lists of words; the compiler and the lints own the rest.

use std::path::{Path, PathBuf};

const CLOCKS_AND_RANDOMNESS: [&str; 11] = [
    "std::time",
    "core::time",
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "Date::now",
    "js_sys::Date",
    "rand::",
    "thread_rng",
    "RandomState",
];
const BOUNDARY_CRATES: [&str; 4] = ["js_sys", "wasm_bindgen", "serde_wasm_bindgen", "getrandom"];

struct Source {
    /// Below `src/`.
    path: PathBuf,
    text: String,
}

impl Source {
    fn is_boundary(&self) -> bool {
        self.path.starts_with("wasm")
    }

    fn names(&self, words: &[&'static str]) -> Vec<&'static str> {
        words
            .iter()
            .copied()
            .filter(|word| self.text.contains(word))
            .collect()
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = std::fs::read_to_string(&path).unwrap();
                sources.push(Source {
                    path: path.strip_prefix(&root).unwrap().to_owned(),
                    text,
                });
            }
        }
    }
    assert!(
        sources.iter().any(Source::is_boundary),
        "the walk found no src/wasm"
    );
    sources
}

#[test]
fn t2_the_engine_reads_no_clock_and_no_randomness() {
    none_names(&CLOCKS_AND_RANDOMNESS, |source| !source.is_boundary());
}

#[test]
fn t2_the_boundary_reads_no_clock_either() {
    none_names(&CLOCKS_AND_RANDOMNESS, Source::is_boundary);
}

#[test]
fn layers_the_boundary_s_crates_occur_at_the_boundary_only() {
    none_names(&BOUNDARY_CRATES, |source| !source.is_boundary());
}

fn none_names(words: &[&'static str], among: impl Fn(&Source) -> bool) {
    for source in sources().iter().filter(|source| among(source)) {
        let named = source.names(words);
        assert!(
            named.is_empty(),
            "{} names {named:?}",
            source.path.display()
        );
    }
}

#[test]
fn layers_every_file_says_what_it_owns_and_stays_readable() {
    for source in sources() {
        let path = source.path.display();
        assert!(
            source.path.extension().is_some_and(|kind| kind == "rs"),
            "{path} is no Rust"
        );
        assert!(
            source.text.starts_with("//!"),
            "{path} does not say what it owns"
        );
        assert!(
            source.text.lines().count() <= 600,
            "{path} has more than 600 lines"
        );
    }
}

/// What each layer may use besides `error`, which every layer does. `error` itself knows how paths are spelled.
const MAY_USE: [(&str, &[&str]); 10] = [
    ("model", &["json"]),
    ("code", &["model"]),
    ("coupon", &["model", "code"]),
    ("eligibility", &["model"]),
    ("discount", &["model", "eligibility"]),
    ("redemption", &["model", "discount"]),
    ("link", &["model"]),
    (
        "operation",
        &[
            "model",
            "code",
            "coupon",
            "eligibility",
            "discount",
            "redemption",
            "link",
            "json",
        ],
    ),
    ("json.rs", &[]),
    (
        "wasm",
        &["model", "code", "coupon", "link", "operation", "json"],
    ),
];

#[test]
fn layers_depend_one_way_only() {
    for (layer, below) in MAY_USE {
        let own: Vec<Source> = sources()
            .into_iter()
            .filter(|source| source.path.starts_with(layer))
            .collect();
        assert!(!own.is_empty(), "src/{layer} is empty");
        for source in own {
            let used = source.text.split("crate::").skip(1).map(|after| {
                after
                    .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .next()
                    .unwrap_or_default()
            });
            for used in used {
                assert!(
                    used == layer || used == "error" || below.contains(&used),
                    "{} uses crate::{used}",
                    source.path.display()
                );
            }
        }
    }
}
