//! Where in a URL codes may stand. Owns the options and the path templates.

use crate::error::Result;
use crate::model::{Node, text};

const HARD_LENGTH: i64 = 16_384;
const DEFAULT_LENGTH: i64 = 2_048;

/// Which parts of a URL carry codes.
#[derive(Clone, Debug)]
pub struct UrlTokenOptions {
    pub(super) params: Vec<String>,
    pub(super) paths: Vec<PathTemplate>,
    pub(super) max_codes: usize,
    pub(super) duplicates: Duplicates,
    pub(super) max_length: usize,
}

/// Which value of a repeated parameter counts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Duplicates {
    First,
    Last,
    All,
}

/// `/discount/{code}`: whole segments, one of them the code.
#[derive(Clone, Debug)]
pub(super) struct PathTemplate {
    segments: Vec<String>,
}

const PLACE: &str = "{code}";

impl UrlTokenOptions {
    /// Reads options; every one has a default.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["params", "paths", "maxCodes", "duplicates", "maxLength"])?;
        let size = |number: i64| usize::try_from(number).unwrap_or(0);
        Ok(Self {
            params: object
                .optional("params", |params| {
                    params.list(0, 20, |param| text(param, 100))
                })?
                .unwrap_or_else(|| vec!["coupon".to_owned()]),
            paths: object
                .optional("paths", |paths| paths.list(0, 20, PathTemplate::parse))?
                .unwrap_or_default(),
            max_codes: object
                .optional("maxCodes", |most| most.integer(1, 5))?
                .map_or(1, size),
            duplicates: object
                .optional("duplicates", |duplicates| {
                    duplicates.word(&[
                        ("first", Duplicates::First),
                        ("last", Duplicates::Last),
                        ("all", Duplicates::All),
                    ])
                })?
                .unwrap_or(Duplicates::First),
            max_length: size(
                object
                    .optional("maxLength", |most| most.integer(1, HARD_LENGTH))?
                    .unwrap_or(DEFAULT_LENGTH),
            ),
        })
    }
}

impl PathTemplate {
    fn parse(node: &Node<'_>) -> Result<Self> {
        let template = text(node, 200)?;
        let path = template.strip_suffix('/').unwrap_or(&template);
        let segments: Vec<String> = path.split('/').skip(1).map(str::to_owned).collect();
        let places = segments.iter().filter(|segment| *segment == PLACE).count();
        if !template.starts_with('/') || places != 1 {
            return Err(node.invalid("must start with `/` and have one segment `{code}`"));
        }
        Ok(Self { segments })
    }

    /// The raw text in the code's place, if the whole path is of this shape; a trailing slash may follow.
    pub(super) fn token_in<'p>(&self, path: &'p str) -> Option<&'p str> {
        let path = path.strip_prefix('/')?;
        let path = path.strip_suffix('/').unwrap_or(path);
        let given: Vec<&str> = path.split('/').collect();
        let matches = given.len() == self.segments.len()
            && self
                .segments
                .iter()
                .zip(&given)
                .all(|(segment, given)| segment == PLACE || segment == given);
        let place = self.segments.iter().position(|segment| segment == PLACE)?;
        matches.then(|| given.get(place).copied()).flatten()
    }
}
