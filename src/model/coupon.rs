//! A coupon: terms, restrictions, limits; the container of its codes. Owns the shape of definitions and of stored
//! records, which differ only in that a record has every default filled in.

use serde::{Serialize, Serializer};

use super::{
    CodeText, CouponRestores, Discount, DiscountValue, Duration, Identifier, Instant, Limits, Node,
    Object, Path, Restrictions, SCHEMA_VERSION, Template, WithForeign,
    identifier::{as_map, word},
    metadata, text,
    value::SAFE,
};
use crate::error::{Error, ErrorCode, Result};

/// A checked coupon. Serialises as a record.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Coupon {
    /// The schema its record is written with.
    pub schema_version: i64,
    /// Unique in the shop.
    pub id: Identifier,
    /// How its codes come to the customer.
    #[serde(rename = "type")]
    pub kind: CouponType,
    /// Its own code, or its pool's prefix.
    pub code: Option<CodeText>,
    /// For receipts.
    pub name: Option<String>,
    /// For the back office.
    pub description: Option<String>,
    /// What it takes off itself; `None` for a draft, or where rules are linked.
    pub discount: Option<Discount>,
    /// The rules that it opens.
    pub rules: Vec<Identifier>,
    /// For how long a redeemed coupon keeps discounting.
    pub duration: Duration,
    /// Who, what, when, how much.
    pub restrictions: Restrictions,
    /// How often, for how much.
    pub limits: Limits,
    /// What a rollback gives back, where the shop's way is not wanted.
    pub restore: Option<CouponRestores>,
    /// Lower is applied first.
    pub priority: i64,
    /// Never together with another coupon.
    pub exclusive: bool,
    /// By what others name it in `combinesWith`.
    pub category: Option<String>,
    /// Which others it tolerates.
    pub combines_with: CombinesWith,
    /// Whether it is the last to apply.
    pub stop_after: bool,
    /// Whether a code's own dates narrow these or stand in their place.
    pub dates: Dates,
    /// What its codes should look like (S3.6).
    pub template: Option<Template>,
    /// Beside the host's own discounts or not, where the shop's way is not wanted.
    pub with_foreign: Option<WithForeign>,
    /// Told in place of the engine's text.
    pub refusal_message: Option<String>,
    /// Whether it may be redeemed at all.
    pub state: State,
    /// What it was before it was put away.
    pub archived_from: Option<State>,
    /// The host's own data.
    #[serde(serialize_with = "as_map")]
    pub metadata: Vec<(String, String)>,
    /// Of the terms.
    pub version: i64,
    /// When it was defined.
    pub created_at: Instant,
}

/// The fields that definitions and records share.
const FIELDS: [&str; 22] = [
    "id",
    "type",
    "code",
    "name",
    "description",
    "discount",
    "rules",
    "duration",
    "restrictions",
    "limits",
    "restore",
    "priority",
    "exclusive",
    "category",
    "combinesWith",
    "stopAfter",
    "dates",
    "template",
    "withForeign",
    "refusalMessage",
    "state",
    "metadata",
];

/// The fields that records have besides.
pub(super) const RECORD_FIELDS: [&str; 4] =
    ["schemaVersion", "version", "createdAt", "archivedFrom"];

impl Coupon {
    /// Reads a merchant's definition. `new_id` names it if it does not name itself. Its `codes` are read by the caller
    /// with [`Coupon::definition_fields`].
    pub fn define(node: &Node<'_>, new_id: Option<Identifier>, now: Instant) -> Result<Self> {
        let object = Self::definition_fields(node)?;
        let id = match object.optional("id", Identifier::parse)? {
            Some(id) => id,
            None => new_id.ok_or_else(|| Error::required(&object.path().key("id")))?,
        };
        Self::with_common_fields(&object, id, 1, now)
    }

    /// The fields of a definition, for reading its `codes`.
    pub fn definition_fields<'a>(node: &'a Node<'_>) -> Result<Object<'a>> {
        node.object(&[&FIELDS[..], &["codes"]].concat())
    }

    /// Refuses a pool's prefix as one of its codes: by itself it redeems nothing (S0.16).
    pub fn refuse_prefix(&self, code: &CodeText, path: &Path<'_>) -> Result<()> {
        if self.kind == CouponType::BulkPool && self.code.as_ref() == Some(code) {
            return Err(Error::new(
                ErrorCode::InvalidCode,
                path.key("code"),
                "is the prefix of this pool, which redeems nothing by itself",
            ));
        }
        Ok(())
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

    fn with_common_fields(
        object: &Object<'_>,
        id: Identifier,
        version: i64,
        created_at: Instant,
    ) -> Result<Self> {
        let kind = object.required("type", CouponType::parse)?;
        let code = object.optional("code", CodeText::parse)?;
        // S0.3: a missing code is a mistake; `null` says that a standard coupon shall have none (S2.4).
        let may_lack_code =
            kind == CouponType::Standard && (object.has("code") || object.has("codes"));
        if code.is_none() && !may_lack_code {
            return Err(Error::required(&object.path().key("code")));
        }
        let discount = object.optional("discount", Discount::parse)?;
        let rules = object.optional("rules", |rules| rules.list(0, 20, Identifier::parse))?;
        let rules = rules.unwrap_or_default();
        if discount.is_some() && !rules.is_empty() {
            return Err(Error::new(
                ErrorCode::InvalidValue,
                object.path().key("rules"),
                "must be absent where the coupon has a discount of its own",
            ));
        }
        let coupon = Self {
            schema_version: SCHEMA_VERSION,
            id,
            kind,
            code,
            name: object.optional("name", |name| text(name, 200))?,
            description: object.optional("description", |description| text(description, 2_000))?,
            discount,
            rules,
            duration: object
                .optional("duration", Duration::parse)?
                .unwrap_or(Duration::Once),
            restrictions: object
                .optional("restrictions", Restrictions::parse)?
                .unwrap_or_default(),
            limits: object
                .optional("limits", Limits::parse)?
                .unwrap_or_default(),
            restore: object.optional("restore", CouponRestores::parse)?,
            priority: priority(object)?,
            exclusive: object
                .optional("exclusive", |flag| flag.flag())?
                .unwrap_or(false),
            category: object.optional("category", word)?,
            combines_with: object
                .optional("combinesWith", CombinesWith::parse)?
                .unwrap_or(CombinesWith::All),
            stop_after: object
                .optional("stopAfter", |flag| flag.flag())?
                .unwrap_or(false),
            dates: object.optional("dates", Dates::parse)?.unwrap_or_default(),
            template: object.optional("template", Template::parse)?,
            with_foreign: object.optional("withForeign", WithForeign::parse)?,
            refusal_message: refusal_message(object)?,
            state: object
                .optional("state", State::parse)?
                .unwrap_or(State::Active),
            archived_from: None,
            metadata: object.optional("metadata", metadata)?.unwrap_or_default(),
            version,
            created_at,
        };
        coupon.refuse_loose_credit(object.path())?;
        Ok(coupon)
    }

    /// A balance is one customer's, unless it says that it is its bearer's (S4.4); and it is all there is to spend.
    fn refuse_loose_credit(&self, path: &Path<'_>) -> Result<()> {
        let value = self.discount.as_ref().map(|discount| &discount.value);
        let Some(DiscountValue::StoreCredit { bearer, .. }) = value else {
            return Ok(());
        };
        if self.kind == CouponType::BulkPool {
            return Err(Error::new(
                ErrorCode::InvalidValue,
                path.key("discount").key("type"),
                "must not be store_credit in a pool: its codes would share one balance",
            ));
        }
        if self.limits.budget.is_some() {
            return Err(Error::new(
                ErrorCode::InvalidValue,
                path.key("limits").key("budget"),
                "must be absent on a store credit, whose balance it would be",
            ));
        }
        if !bearer && self.restrictions.customers.is_none() {
            return Err(Error::required(&path.key("restrictions").key("customers")));
        }
        Ok(())
    }
}

/// What a record was before it was put away.
pub(super) fn archived_from(object: &Object<'_>) -> Result<Option<State>> {
    object.optional("archivedFrom", State::parse)
}

/// Lower is applied first.
pub(super) fn priority(object: &Object<'_>) -> Result<i64> {
    let priority = object.optional("priority", |priority| {
        priority.integer(-1_000_000, 1_000_000)
    })?;
    Ok(priority.unwrap_or(0))
}

/// The merchant's own words for a refusal (B30).
pub(super) fn refusal_message(object: &Object<'_>) -> Result<Option<String>> {
    object.optional("refusalMessage", |message| text(message, 500))
}

/// The fields of a stored record. Its schema is judged first: a newer one may have fields that nobody here knows.
pub fn record<'a>(node: &'a Node<'_>, fields: &[&str]) -> Result<Object<'a>> {
    if let Some(version) = node.field("schemaVersion") {
        known_schema(&version)?;
    }
    let object = node.object(fields)?;
    object.required("schemaVersion", known_schema)?;
    Ok(object)
}

/// The schema of a record; a newer one than this engine's is refused.
fn known_schema(node: &Node<'_>) -> Result<i64> {
    let version = node.integer(1, SAFE)?;
    if version > SCHEMA_VERSION {
        return Err(Error::new(
            ErrorCode::SchemaTooNew,
            node.path(),
            format!("is {version}, this engine knows up to {SCHEMA_VERSION}; update the engine"),
        ));
    }
    Ok(version)
}

/// How a coupon's codes come to the customer (S0.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CouponType {
    /// One shared code, or several given to it.
    Standard,
    /// Many unique codes; its own code is their prefix and redeems nothing.
    BulkPool,
    /// By a link.
    UrlToken,
}

impl CouponType {
    fn parse(node: &Node<'_>) -> Result<Self> {
        node.word(&[
            ("standard", Self::Standard),
            ("bulk_pool", Self::BulkPool),
            ("url_token", Self::UrlToken),
        ])
    }

    /// Whether the coupon's own `code` can be redeemed.
    pub fn own_code_redeems(self) -> bool {
        self != Self::BulkPool
    }
}

/// How a code's own dates stand to its coupon's (S3.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dates {
    /// Both must hold.
    #[default]
    Intersect,
    /// The code's, where it has any.
    Override,
}

impl Dates {
    fn parse(node: &Node<'_>) -> Result<Self> {
        node.word(&[("intersect", Self::Intersect), ("override", Self::Override)])
    }
}

/// Which others a coupon tolerates beside it. Both sides must agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CombinesWith {
    /// Any.
    All,
    /// None.
    None,
    /// Those of these categories.
    Categories(Vec<String>),
}

impl CombinesWith {
    pub(super) fn parse(node: &Node<'_>) -> Result<Self> {
        match node.value() {
            super::Value::List(_) => node.list(1, 100, word).map(Self::Categories),
            _ => {
                let all = node.word(&[("all", true), ("none", false)])?;
                Ok(if all { Self::All } else { Self::None })
            }
        }
    }

    /// Whether a coupon of this category is tolerated.
    pub fn tolerates(&self, category: Option<&str>) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Categories(known) => {
                category.is_some_and(|category| known.iter().any(|one| one == category))
            }
        }
    }
}

impl Serialize for CombinesWith {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::None => serializer.serialize_str("none"),
            Self::Categories(categories) => categories.serialize(serializer),
        }
    }
}

/// Whether a coupon or code may be redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It may.
    Active,
    /// Switched off.
    Inactive,
    /// Put away; kept for reports.
    Archived,
}

impl State {
    /// Reads a state.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        node.word(&[
            ("active", Self::Active),
            ("inactive", Self::Inactive),
            ("archived", Self::Archived),
        ])
    }
}
