//! A code: what a customer types or a link carries, with restrictions and limits of its own. Owns the shape of
//! definitions, records and entries; the text itself is `code::CodeText`.

use serde::Serialize;

use super::{
    CodeText, Identifier, InnerSpace, Instant, Limits, Node, Restrictions, SCHEMA_VERSION, State,
    Value,
    coupon::{archived_from, record},
    identifier::as_map,
    metadata,
    value::SAFE,
};
use crate::error::{Error, ErrorCode, Result};

/// A checked code. Serialises as a record.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Code {
    /// The schema its record is written with.
    pub schema_version: i64,
    /// Unique in the shop; outlives a change of the text.
    pub id: Identifier,
    /// Whose code it is.
    pub coupon_id: Identifier,
    /// Canonical, unique in the shop.
    pub code: CodeText,
    /// On top of the coupon's.
    pub restrictions: Restrictions,
    /// On top of the coupon's.
    pub limits: Limits,
    /// Whether it may be redeemed at all.
    pub state: State,
    /// What it was before it was put away.
    pub archived_from: Option<State>,
    /// The generation run it came from.
    pub batch: Option<i64>,
    /// The host's own data.
    #[serde(serialize_with = "as_map")]
    pub metadata: Vec<(String, String)>,
    /// When it was defined.
    pub created_at: Instant,
    /// When it was given to the customer; from then `validForDays` counts.
    pub issued_at: Option<Instant>,
    /// Grows with every change; 1 in records without one.
    pub version: i64,
}

impl Code {
    /// A code without restrictions or limits: a coupon's own.
    pub fn plain(
        id: Identifier,
        coupon_id: Identifier,
        code: CodeText,
        created_at: Instant,
    ) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            id,
            coupon_id,
            code,
            restrictions: Restrictions::default(),
            limits: Limits::default(),
            state: State::Active,
            archived_from: None,
            batch: None,
            metadata: Vec::new(),
            created_at,
            issued_at: None,
            version: 1,
        }
    }

    /// Reads a merchant's definition. `new_text` makes a code if none is given (S2.34), `new_id` an id from the text.
    pub fn define(
        node: &Node<'_>,
        coupon_id: &Identifier,
        now: Instant,
        new_text: &mut dyn FnMut() -> Result<CodeText>,
        new_id: &dyn Fn(&CodeText) -> Result<Identifier>,
    ) -> Result<Self> {
        let object = node.object(&[
            "id",
            "code",
            "restrictions",
            "limits",
            "state",
            "metadata",
            "issuedAt",
        ])?;
        let code = match object.optional("code", CodeText::parse)? {
            Some(code) => code,
            None => new_text()?,
        };
        let id = match object.optional("id", Identifier::parse)? {
            Some(id) => id,
            None => new_id(&code)?,
        };
        Ok(Self {
            restrictions: object
                .optional("restrictions", Restrictions::parse)?
                .unwrap_or_default(),
            limits: object
                .optional("limits", Limits::parse_on_code)?
                .unwrap_or_default(),
            state: object
                .optional("state", State::parse)?
                .unwrap_or(State::Active),
            metadata: object.optional("metadata", metadata)?.unwrap_or_default(),
            issued_at: object.optional("issuedAt", Instant::parse)?,
            ..Self::plain(id, coupon_id.clone(), code, now)
        })
    }

    /// Reads a stored record.
    pub fn from_record(node: &Node<'_>) -> Result<Self> {
        let fields = [
            "schemaVersion",
            "id",
            "couponId",
            "code",
            "restrictions",
            "limits",
            "state",
            "batch",
            "metadata",
            "createdAt",
            "issuedAt",
            "version",
            "archivedFrom",
        ];
        let object = record(node, &fields)?;
        Ok(Self {
            schema_version: SCHEMA_VERSION,
            id: object.required("id", Identifier::parse)?,
            coupon_id: object.required("couponId", Identifier::parse)?,
            code: object.required("code", CodeText::parse)?,
            restrictions: object.required("restrictions", Restrictions::parse)?,
            limits: object.required("limits", Limits::parse_on_code)?,
            state: object.required("state", State::parse)?,
            batch: object.optional("batch", |batch| batch.integer(1, SAFE))?,
            metadata: object.required("metadata", metadata)?,
            created_at: object.required("createdAt", Instant::parse)?,
            issued_at: object.optional("issuedAt", Instant::parse)?,
            version: object
                .optional("version", |version| version.integer(1, SAFE))?
                .unwrap_or(1),
            archived_from: archived_from(&object)?,
        })
    }
}

/// An entry of a request's `codes`.
#[derive(Clone, Debug)]
pub enum EnteredCode {
    /// As a shopper typed it or a link carried it, before it is read as a code.
    Text {
        /// Unread.
        text: String,
        /// How it came.
        origin: Origin,
    },
    /// A coupon applied by the host (S2.4).
    Coupon(Identifier),
    /// One that is not looked at, because its caller has entered too many unknown ones.
    Blocked,
}

/// How a code came to the cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// By hand.
    Typed,
    /// By a link.
    Url,
}

impl EnteredCode {
    /// The entry however it was spelled: what is equal names the same.
    pub fn canonical(&self) -> Value {
        let (text, way) = match self {
            Self::Text { text, origin } => {
                let code = CodeText::canonical(text, InnerSpace::Remove);
                let way = match origin {
                    Origin::Typed => "typed",
                    Origin::Url => "url",
                };
                (
                    code.map_or(text.clone(), |code| code.as_str().to_owned()),
                    way,
                )
            }
            Self::Coupon(id) => (id.as_str().to_owned(), "id"),
            Self::Blocked => (String::new(), "blocked"),
        };
        Value::List(vec![Value::Text(text), Value::Text(way.to_owned())])
    }

    /// Reads an entry. Any text is an entry: whether it is a code is a business answer, not an error.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        if let Ok(text) = node.text() {
            return Ok(Self::Text {
                text: text.to_owned(),
                origin: Origin::Typed,
            });
        }
        let object = node.object(&["code", "origin", "couponId"])?;
        if let Some(id) = object.optional("couponId", Identifier::parse)? {
            node.object(&["couponId"])?;
            return Ok(Self::Coupon(id));
        }
        if !object.has("code") {
            return Err(Error::new(
                ErrorCode::Required,
                node.path(),
                "must be a text, or have a `code` or a `couponId`",
            ));
        }
        Ok(Self::Text {
            text: object.required("code", |code| code.text().map(str::to_owned))?,
            origin: object
                .optional("origin", |origin| {
                    origin.word(&[("typed", Origin::Typed), ("url", Origin::Url)])
                })?
                .unwrap_or(Origin::Typed),
        })
    }
}
