//! A URL as text: cut into its parts without losing a byte, and its percent-encoding read once. Owns no opinion on
//! whether the URL is a good one.

/// The parts of a URL, each as it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct UrlParts<'a> {
    origin: &'a str,
    pub(super) path: &'a str,
    pub(super) query: Option<&'a str>,
    fragment: Option<&'a str>,
}

impl<'a> UrlParts<'a> {
    pub(super) fn split(url: &'a str) -> Self {
        let (rest, fragment) = cut(url, '#');
        let (rest, query) = cut(rest, '?');
        let authority = scheme_and_rest(rest)
            .filter(|(scheme, _)| !scheme.contains('/'))
            .map(|(_, authority)| authority);
        let path = match authority {
            Some(authority) => authority
                .find('/')
                .and_then(|at| authority.get(at..))
                .unwrap_or_default(),
            None => rest,
        };
        let origin = rest.strip_suffix(path).unwrap_or(rest);
        Self {
            origin,
            path,
            query,
            fragment,
        }
    }

    /// The same URL with another path and query.
    pub(super) fn with(&self, path: &str, query: Option<&str>) -> String {
        let mut url = format!("{}{path}", self.origin);
        if let Some(query) = query {
            url.push('?');
            url.push_str(query);
        }
        if let Some(fragment) = self.fragment {
            url.push('#');
            url.push_str(fragment);
        }
        url
    }
}

/// Around the `://` that stands at the first colon, if one does.
pub(super) fn scheme_and_rest(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    Some((scheme, rest.strip_prefix("//")?))
}

fn cut(text: &str, at: char) -> (&str, Option<&str>) {
    match text.split_once(at) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// A query name or value: `+` is a space there.
pub(super) fn decode_query(encoded: &str) -> Option<String> {
    decode_path(&encoded.replace('+', " "))
}

/// Percent-decoding, once. `None` for a broken escape, invalid UTF-8, or a control character.
pub(super) fn decode_path(encoded: &str) -> Option<String> {
    let mut bytes = encoded.bytes();
    let mut decoded = Vec::with_capacity(encoded.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => hex(bytes.next()?)?
                .checked_mul(16)?
                .checked_add(hex(bytes.next()?)?)?,
            _ => byte,
        });
    }
    String::from_utf8(decoded)
        .ok()
        .filter(|text| !text.chars().any(char::is_control))
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}
