//! Coupons by URL (links §3.1, the plain form): which codes a URL carries, and the same URL without them. Pure: a link
//! reserves nothing, counts nothing, redirects nowhere. Owns the parsing; what a code is worth is asked elsewhere.

mod options;
mod url;

use serde::Serialize;

pub use options::UrlTokenOptions;

use crate::error::{Error, ErrorCode, Result};
use crate::model::CodeText;
use options::Duplicates;
use url::{UrlParts, decode_path, decode_query, scheme_and_rest};

/// What a URL carries.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UrlTokens {
    /// In the order they stand: the path's first.
    pub tokens: Vec<UrlToken>,
    /// What looked like a token and is none, or one too many.
    pub invalid: Vec<InvalidUrlToken>,
    /// The URL without its tokens, every other byte as it was.
    pub clean_url: String,
}

/// A code found in a URL.
#[derive(Clone, Debug, Serialize)]
pub struct UrlToken {
    /// The canonical code.
    pub canonical: CodeText,
    /// Where it stood.
    pub source: Source,
    /// Under which parameter.
    pub param: Option<String>,
}

/// A token that is not one.
#[derive(Clone, Debug, Serialize)]
pub struct InvalidUrlToken {
    /// Why.
    pub reason: InvalidReason,
    /// Where it stood.
    pub source: Source,
    /// Under which parameter.
    pub param: Option<String>,
}

/// Where in a URL a token stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// In the path.
    Path,
    /// In a query parameter.
    Query,
}

/// Why a token is not one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InvalidReason {
    /// The same code stands earlier, or the parameter was given before.
    Duplicate,
    /// The parameter has no value.
    Empty,
    /// It cannot be a code.
    Malformed,
    /// More codes than `max_codes`.
    TooMany,
}

/// Finds the codes of a URL, absolute or relative.
pub fn parse_url_token(url: &str, options: &UrlTokenOptions) -> Result<UrlTokens> {
    if url.len() > options.max_length {
        return Err(Error::new(
            ErrorCode::TooLong,
            "url",
            format!("must be at most {} bytes", options.max_length),
        ));
    }
    refuse_unsafe(url)?;
    let parts = UrlParts::split(url);
    let mut found = Found::new(options);
    let path_token = options
        .paths
        .iter()
        .find_map(|template| template.token_in(parts.path));
    if let Some(token) = path_token {
        found.candidate(Source::Path, None, decode_path(token));
    }
    let kept_query = parts.query.map(|query| found.take_from_query(query));
    let clean_url = match (path_token, &kept_query) {
        (None, None) => url.to_owned(),
        (None, Some(kept)) if kept.taken == 0 => url.to_owned(),
        _ => parts.with(
            path_token.map_or(parts.path, |_| "/"),
            kept_query.and_then(|kept| kept.text).as_deref(),
        ),
    };
    Ok(UrlTokens {
        tokens: found.tokens,
        invalid: found.invalid,
        clean_url,
    })
}

/// A relative URL must stay on its site: a browser reads `//host` and `/\host` as another one.
fn refuse_unsafe(url: &str) -> Result<()> {
    let is_relative = url.starts_with('/') && !url.starts_with("//") && !url.starts_with("/\\");
    let is_absolute = scheme_and_rest(url).is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    if url.chars().any(char::is_control) || !(is_relative || is_absolute) {
        return Err(Error::new(
            ErrorCode::InvalidValue,
            "url",
            "must be absolute or begin with a single `/`, without control characters",
        ));
    }
    Ok(())
}

struct Found<'a> {
    options: &'a UrlTokenOptions,
    tokens: Vec<UrlToken>,
    invalid: Vec<InvalidUrlToken>,
}

struct KeptQuery {
    taken: usize,
    text: Option<String>,
}

impl<'a> Found<'a> {
    fn new(options: &'a UrlTokenOptions) -> Self {
        Self {
            options,
            tokens: Vec::new(),
            invalid: Vec::new(),
        }
    }

    /// Takes the token parameters out of a query; the rest keeps its order and its bytes.
    fn take_from_query(&mut self, query: &str) -> KeptQuery {
        let mut kept = Vec::new();
        let mut values: Vec<(String, Option<String>)> = Vec::new();
        for pair in query.split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let param = decode_query(name).filter(|name| self.options.params.contains(name));
            match param {
                Some(param) => values.push((param, decode_query(value))),
                None => kept.push(pair),
            }
        }
        let taken = values.len();
        let chosen: Vec<bool> = (0..taken).map(|at| self.is_chosen(&values, at)).collect();
        for ((param, value), chosen) in values.into_iter().zip(chosen) {
            if chosen {
                self.candidate(Source::Query, Some(param), value);
            } else {
                self.refuse(InvalidReason::Duplicate, Source::Query, Some(param));
            }
        }
        let mut kept = kept.as_slice();
        if taken > 0 {
            // No `&` is left dangling where a token was.
            while let ["", rest @ ..] | [rest @ .., ""] = kept {
                kept = rest;
            }
        }
        let text = kept.split_first().map(|(first, rest)| {
            let add = |text: String, pair: &&str| text + "&" + *pair;
            rest.iter().fold((*first).to_owned(), add)
        });
        KeptQuery { taken, text }
    }

    fn is_chosen(&self, values: &[(String, Option<String>)], at: usize) -> bool {
        let same = |(param, _): &(String, Option<String>)| {
            values.get(at).is_some_and(|(own, _)| own == param)
        };
        match self.options.duplicates {
            Duplicates::All => true,
            Duplicates::First => values.iter().position(same) == Some(at),
            Duplicates::Last => values.iter().rposition(same) == Some(at),
        }
    }

    fn candidate(&mut self, source: Source, param: Option<String>, decoded: Option<String>) {
        let reason = match decoded {
            Some(text) if text.is_empty() => InvalidReason::Empty,
            Some(text) => match CodeText::from_canonical(text.to_ascii_uppercase()) {
                None => InvalidReason::Malformed,
                Some(code) if self.tokens.iter().any(|token| token.canonical == code) => {
                    InvalidReason::Duplicate
                }
                Some(_) if self.tokens.len() >= self.options.max_codes => InvalidReason::TooMany,
                Some(canonical) => {
                    self.tokens.push(UrlToken {
                        canonical,
                        source,
                        param,
                    });
                    return;
                }
            },
            None => InvalidReason::Malformed,
        };
        self.refuse(reason, source, param);
    }

    fn refuse(&mut self, reason: InvalidReason, source: Source, param: Option<String>) {
        self.invalid.push(InvalidUrlToken {
            reason,
            source,
            param,
        });
    }
}

#[cfg(test)]
mod tests;
