//! A rule: a discount that exists apart from coupons (semantics §32). It applies by itself, or is opened by coupons linked
//! to it, or is computed by the host. Owns the shape of definitions and records.

use serde::Serialize;

use super::{
    CombinesWith, Discount, Identifier, Instant, Node, Object, Restrictions, SCHEMA_VERSION, State,
    coupon::{RECORD_FIELDS, archived_from, priority, record, refusal_message},
    identifier::{as_map, word},
    metadata,
    policy::Interaction,
    text,
    value::SAFE,
};
use crate::error::{Error, ErrorCode, Result};

/// A checked rule. Serialises as a record.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    /// The schema its record is written with.
    pub schema_version: i64,
    /// Unique in the shop.
    pub id: Identifier,
    /// By what people name it.
    pub name: Option<String>,
    /// For the back office.
    pub description: Option<String>,
    /// What opens it.
    pub gate: Gate,
    /// `None` only where the host computes it.
    pub discount: Option<Discount>,
    /// Who, what, when, how much.
    pub restrictions: Restrictions,
    /// Lower is applied first.
    pub priority: i64,
    /// By what others name it in `combinesWith`.
    pub category: Option<String>,
    /// Which others it tolerates.
    pub combines_with: CombinesWith,
    /// Whether it is the last to apply.
    pub stop_after: bool,
    /// Whether it applies at all.
    pub state: State,
    /// What it was before it was put away.
    pub archived_from: Option<State>,
    /// Beside codes or instead of them, where the shop's way is not wanted.
    pub interaction: Option<Interaction>,
    /// Beside the host's own discounts or not, where the shop's way is not wanted.
    pub with_foreign: Option<WithForeign>,
    /// Told in place of the engine's text.
    pub refusal_message: Option<String>,
    /// The host's own data.
    #[serde(serialize_with = "as_map")]
    pub metadata: Vec<(String, String)>,
    /// Of the terms.
    pub version: i64,
    /// When it was defined.
    pub created_at: Instant,
}

/// What opens a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// Nothing: it applies by itself.
    Automatic,
    /// A coupon linked to it.
    Coupon,
    /// A coupon linked to it; what it takes off is the host's to say.
    External,
}

/// What a discount does beside the host's own (semantics §8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WithForeign {
    /// Applies.
    Alongside,
    /// Gives way.
    Suppress,
}

impl WithForeign {
    pub(super) fn parse(node: &Node<'_>) -> Result<Self> {
        node.word(&[("alongside", Self::Alongside), ("suppress", Self::Suppress)])
    }
}

/// The fields that definitions and records share.
const FIELDS: [&str; 15] = [
    "id",
    "name",
    "description",
    "gate",
    "discount",
    "restrictions",
    "priority",
    "category",
    "combinesWith",
    "stopAfter",
    "state",
    "interaction",
    "withForeign",
    "refusalMessage",
    "metadata",
];

impl Rule {
    /// Reads a merchant's definition. `new_id` names it if it does not name itself.
    pub fn define(node: &Node<'_>, new_id: Option<Identifier>, now: Instant) -> Result<Self> {
        let object = node.object(&FIELDS)?;
        let id = match object.optional("id", Identifier::parse)? {
            Some(id) => id,
            None => new_id.ok_or_else(|| Error::required(&object.path().key("id")))?,
        };
        Self::with_common_fields(&object, id, 1, now)
    }

    /// Reads a stored record.
    pub fn from_record(node: &Node<'_>) -> Result<Self> {
        let object = record(node, &[&FIELDS[..], &RECORD_FIELDS].concat())?;
        let id = object.required("id", Identifier::parse)?;
        let version = object.required("version", |version| version.integer(1, SAFE))?;
        let created_at = object.required("createdAt", Instant::parse)?;
        Ok(Self {
            archived_from: archived_from(&object)?,
            ..Self::with_common_fields(&object, id, version, created_at)?
        })
    }

    /// The text by which people name it.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or(self.id.as_str())
    }

    fn with_common_fields(
        object: &Object<'_>,
        id: Identifier,
        version: i64,
        created_at: Instant,
    ) -> Result<Self> {
        let gate = object.required("gate", |gate| {
            gate.word(&[
                ("automatic", Gate::Automatic),
                ("coupon", Gate::Coupon),
                ("external", Gate::External),
            ])
        })?;
        Ok(Self {
            schema_version: SCHEMA_VERSION,
            id,
            name: object.optional("name", |name| text(name, 200))?,
            description: object.optional("description", |description| text(description, 2_000))?,
            gate,
            discount: Self::discount(object, gate)?,
            restrictions: object
                .optional("restrictions", Restrictions::parse_on_rule)?
                .unwrap_or_default(),
            priority: priority(object)?,
            category: object.optional("category", word)?,
            combines_with: object
                .optional("combinesWith", CombinesWith::parse)?
                .unwrap_or(CombinesWith::All),
            stop_after: object
                .optional("stopAfter", |flag| flag.flag())?
                .unwrap_or(false),
            state: object
                .optional("state", State::parse)?
                .unwrap_or(State::Active),
            archived_from: None,
            interaction: object.optional("interaction", Interaction::parse)?,
            with_foreign: object.optional("withForeign", WithForeign::parse)?,
            refusal_message: refusal_message(object)?,
            metadata: object.optional("metadata", metadata)?.unwrap_or_default(),
            version,
            created_at,
        })
    }

    fn discount(object: &Object<'_>, gate: Gate) -> Result<Option<Discount>> {
        let discount = object.optional("discount", Discount::parse)?;
        let path = object.path().key("discount");
        match (&discount, gate) {
            (None, Gate::Automatic | Gate::Coupon) => Err(Error::required(&path)),
            (Some(_), Gate::External) => Err(Error::new(
                ErrorCode::InvalidValue,
                path,
                "must be absent: what an external rule takes off is the host's to say",
            )),
            (Some(discount), _) if discount.is_store_credit() => Err(Error::new(
                ErrorCode::InvalidValue,
                path.key("type"),
                "must not be store_credit: a balance belongs to a coupon",
            )),
            _ => Ok(discount),
        }
    }
}
