//! Who is buying: every key the host knows (semantics §11). Owns how keys are compared.

use serde::Serialize;

use super::{Node, identifier::word, text};
use crate::error::Result;

/// A customer as known to the host.
#[derive(Clone, Debug)]
pub struct Customer {
    /// Canonical, each once, in the order given. Never empty.
    pub keys: Vec<CustomerKey>,
    /// Paid orders before this one, if the host knows.
    pub prior_orders: Option<i64>,
    /// In the host's words, compared exactly.
    pub groups: Vec<String>,
}

/// One way to recognise a customer. Equal keys are the same customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CustomerKey {
    /// `id`, `email`, `phone`, `payment`, or a word of the host's.
    pub kind: String,
    /// Canonical; an e-mail is trimmed and in lower case.
    pub value: String,
}

impl Customer {
    /// Reads a customer.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["keys", "priorOrders", "groups"])?;
        let given = object.required("keys", |keys| keys.list(1, 10, CustomerKey::parse))?;
        let mut keys: Vec<CustomerKey> = Vec::with_capacity(given.len());
        for key in given {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let prior_orders =
            object.optional("priorOrders", |count| count.integer(0, super::value::SAFE))?;
        let groups = object.optional("groups", |groups| {
            groups.list(0, 100, |group| text(group, 256))
        })?;
        Ok(Self {
            keys,
            prior_orders,
            groups: groups.unwrap_or_default(),
        })
    }
}

impl CustomerKey {
    /// Reads a key.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["kind", "value"])?;
        let kind = object.required("kind", word)?;
        object.required("value", |value| {
            let given = text(value, 256)?;
            Self::canonical(&kind, &given).ok_or_else(|| value.invalid("must not be blank"))
        })
    }

    /// The key in the form it is compared in; `None` if it is blank.
    pub(super) fn canonical(kind: &str, value: &str) -> Option<Self> {
        let trimmed = value.trim_matches(|c: char| matches!(c, '\t'..='\r' | ' '));
        let value = match kind {
            "email" => trimmed.to_ascii_lowercase(),
            _ => trimmed.to_owned(),
        };
        (!value.is_empty() && !kind.is_empty()).then(|| Self {
            kind: kind.to_owned(),
            value,
        })
    }

    /// As it stands behind `/customer/` in the name of a counter.
    pub fn name(&self) -> String {
        let value = self.value.replace('%', "%25").replace('/', "%2F");
        // Not every database has a text with U+0000 in it.
        format!("{}/{}", self.kind, value.replace('\0', "%00"))
    }

    /// Whether this entry of a list means that key: the same, or `*@domain` and an e-mail there.
    pub fn covers(&self, key: &Self) -> bool {
        if self.kind != key.kind {
            return false;
        }
        self.value == key.value
            || (self.kind == "email"
                && self.value.strip_prefix("*@").is_some_and(|domain| {
                    key.value
                        .rsplit_once('@')
                        .is_some_and(|(_, behind)| behind == domain)
                }))
    }

    /// The key that limits count by: with `strip_plus_tag`, `a+tag@x` counts as `a@x`.
    #[must_use]
    pub fn for_limits(&self, strip_plus_tag: bool) -> Self {
        let stripped = (strip_plus_tag && self.kind == "email")
            .then(|| without_plus_tag(&self.value))
            .flatten();
        Self {
            kind: self.kind.clone(),
            value: stripped.unwrap_or_else(|| self.value.clone()),
        }
    }
}

/// A value without what `name` escapes.
pub(super) fn unescaped(value: &str) -> String {
    let mut pieces = value.split('%');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (character, rest) = match piece.split_at_checked(2) {
            Some(("2F", rest)) => ('/', rest),
            Some(("25", rest)) => ('%', rest),
            _ => ('%', piece),
        };
        text.push(character);
        text.push_str(rest);
    }
    text
}

fn without_plus_tag(email: &str) -> Option<String> {
    let (local, domain) = email.rsplit_once('@')?;
    let (name, _) = local.split_once('+')?;
    (!name.is_empty()).then(|| format!("{name}@{domain}"))
}

#[cfg(test)]
mod tests {
    use super::CustomerKey;

    fn email(value: &str) -> CustomerKey {
        CustomerKey {
            kind: "email".into(),
            value: value.into(),
        }
    }

    #[test]
    fn semantics_11_plus_tags_count_as_their_owner_on_request() {
        let tagged = email("a.b+x@ex.com");
        assert_eq!(tagged.for_limits(true), email("a.b@ex.com"));
        assert_eq!(tagged.for_limits(false), tagged);
        assert_eq!(email("+x@ex.com").for_limits(true), email("+x@ex.com"));
        assert_eq!(
            email("not-an-address").for_limits(true),
            email("not-an-address")
        );
    }
    #[test]
    fn semantics_11_a_domain_covers_its_addresses() {
        let domain = email("*@ex.com");
        assert!(domain.covers(&email("a@ex.com")));
        assert!(domain.covers(&email("\"a@b\"@ex.com")));
        assert!(domain.covers(&domain));
        assert!(!domain.covers(&email("a@mail.ex.com")));
        assert!(!domain.covers(&email("a@ex.com@evil.org")));
        assert!(!domain.covers(&email("ex.com")));
        assert!(!email("a@ex.com").covers(&domain));
        let id = CustomerKey {
            kind: "id".into(),
            value: "a@ex.com".into(),
        };
        assert!(!domain.covers(&id));
        let starred = CustomerKey {
            kind: "id".into(),
            ..domain
        };
        assert!(!starred.covers(&id));
    }
}
