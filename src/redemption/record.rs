//! The record of a reservation or redemption, as it is stored and answered (semantics §13, §15, §22). Owns its shape;
//! no identity of a customer is in it, so that erasing one never has to look inside.

use serde::Serialize;

use super::lapsed::Lapsed;
use super::{RedemptionState, Refund, Snapshot};
use crate::discount::{Adjustment, Totals};
use crate::error::Result;
use crate::model::{
    Amount, Currency, Discount, Instant, Node, Restores, SCHEMA_VERSION, record, text,
};

/// One revision of a record.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Redemption {
    /// The schema it is written with.
    pub schema_version: i64,
    /// The host's order or checkout id.
    pub key: String,
    /// From 0.
    pub revision: i64,
    /// Where it stands.
    pub state: RedemptionState,
    /// When this revision was made.
    pub at: Instant,
    /// Of a hold: until just before this instant.
    pub hold_until: Option<Instant>,
    /// When what it has was claimed first.
    pub reserved_at: Instant,
    /// When it was paid.
    pub redeemed_at: Option<Instant>,
    /// The host's order id.
    pub order: Option<String>,
    /// Of every amount in it.
    pub currency: Currency,
    /// Digest of what was asked for; the same key with another one is another request.
    pub payload: String,
    /// What applied.
    pub codes: Vec<RedeemedCode>,
    /// As they were paid.
    pub lines: Vec<RedeemedLine>,
    /// In the order they paid.
    pub credits: Vec<RedeemedCredit>,
    /// As quoted.
    pub adjustments: Snapshot<Vec<Adjustment>>,
    /// As quoted.
    pub totals: Totals,
    /// So far.
    pub refunded: Refunded,
    /// What was out of the ordinary.
    pub flags: Vec<Flag>,
    /// Of the last release or rollback.
    pub reason: Option<String>,
    /// What it claimed before it lapsed.
    pub(super) lapsed: Vec<Lapsed>,
}

/// A code or coupon that applied.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RedeemedCode {
    /// Through which coupon.
    pub coupon_id: String,
    /// Through which code.
    pub code_id: Option<String>,
    /// Through which text.
    pub code: Option<String>,
    /// By what people name it.
    pub label: String,
    /// Of the coupon's terms.
    pub version: i64,
    /// Taken off, or paid.
    pub amount: Amount,
    /// The discount as it was; `None` where rules were opened.
    pub terms: Snapshot<Option<Discount>>,
    /// What a rollback gives back.
    pub restore: Restores,
}

/// A line as it was paid.
#[derive(Clone, Debug, Serialize)]
pub struct RedeemedLine {
    /// Which line.
    pub id: String,
    /// Its units.
    pub quantity: i64,
    /// After discounts.
    pub total: Amount,
    /// Units that have come back.
    pub returned: i64,
}

/// A store credit that paid.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RedeemedCredit {
    /// Whose balance.
    pub coupon_id: String,
    /// Paid.
    pub amount: Amount,
    /// Given back.
    pub restored: Amount,
}

/// All refunds so far.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refunded {
    /// Together.
    pub amount: Amount,
    /// Of it, as store credit.
    pub credit: Amount,
    /// Whether shipping is among it.
    pub shipping: bool,
    /// Sums without goods.
    pub other: Amount,
    /// Each of them, in order.
    pub refunds: Vec<Snapshot<Refund>>,
    /// Names of those of a part; what comes back as a whole is the last and has none.
    pub refund_ids: Vec<String>,
    /// Digests of what those asked for, in the same order.
    pub payloads: Vec<String>,
}

/// What was out of the ordinary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Redeemed although its place was taken.
    Overdraft,
    /// A key known only at the payment had used its limit.
    CustomerLimitExceeded,
}

/// What applied and was paid, from which a record is made.
#[derive(Clone, Debug)]
pub struct Redeemed {
    /// Of every amount.
    pub currency: Currency,
    /// What applied.
    pub codes: Vec<RedeemedCode>,
    /// As they are paid.
    pub lines: Vec<RedeemedLine>,
    /// In the order they pay.
    pub credits: Vec<RedeemedCredit>,
    /// As quoted.
    pub adjustments: Vec<Adjustment>,
    /// As quoted.
    pub totals: Totals,
}

impl Redemption {
    /// The first revision of a record, not yet held nor redeemed.
    pub(super) fn new(key: String, payload: String, of: Redeemed, now: Instant) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            key,
            revision: 0,
            state: RedemptionState::Held,
            at: now,
            hold_until: None,
            reserved_at: now,
            redeemed_at: None,
            order: None,
            currency: of.currency,
            payload,
            codes: of.codes,
            lines: of.lines,
            credits: of.credits,
            adjustments: Snapshot::Taken(of.adjustments),
            totals: of.totals,
            refunded: Refunded::default(),
            flags: Vec::new(),
            reason: None,
            lapsed: Vec::new(),
        }
    }

    /// Reads a stored record.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let fields = [
            "schemaVersion",
            "key",
            "revision",
            "state",
            "at",
            "holdUntil",
            "reservedAt",
            "redeemedAt",
            "order",
            "currency",
            "payload",
            "codes",
            "lines",
            "credits",
            "adjustments",
            "totals",
            "refunded",
            "flags",
            "reason",
            "lapsed",
        ];
        let object = record(node, &fields)?;
        let most = usize::MAX;
        Ok(Self {
            schema_version: SCHEMA_VERSION,
            key: object.required("key", key)?,
            revision: object.required("revision", count)?,
            state: object.required("state", RedemptionState::parse)?,
            at: object.required("at", Instant::parse)?,
            hold_until: object.optional("holdUntil", Instant::parse)?,
            reserved_at: object.required("reservedAt", Instant::parse)?,
            redeemed_at: object.optional("redeemedAt", Instant::parse)?,
            order: object.optional("order", key)?,
            currency: object.required("currency", Currency::parse)?,
            payload: object.required("payload", key)?,
            codes: object.required("codes", |codes| codes.list(0, most, RedeemedCode::parse))?,
            lines: object.required("lines", |lines| lines.list(0, most, RedeemedLine::parse))?,
            credits: object.required("credits", |all| all.list(0, most, RedeemedCredit::parse))?,
            adjustments: object.required("adjustments", Snapshot::keep)?,
            totals: object.required("totals", Totals::parse)?,
            refunded: object.required("refunded", Refunded::parse)?,
            flags: object.required("flags", |flags| flags.list(0, most, Flag::parse))?,
            reason: object.optional("reason", any_text)?,
            lapsed: object.required("lapsed", |lapsed| lapsed.list(0, most, Lapsed::parse))?,
        })
    }
}

impl Redemption {
    /// The digest of what a refund of this name was for, and the refund, if there is one.
    pub fn refund_named(&self, id: Option<&str>) -> Option<(&str, &Snapshot<Refund>)> {
        let refunded = &self.refunded;
        let kept = refunded.payloads.iter().zip(&refunded.refunds);
        let mut named = refunded.refund_ids.iter().zip(kept);
        let (_, (payload, refund)) = named.find(|(own, _)| Some(own.as_str()) == id)?;
        Some((payload, refund))
    }

    /// The refund of everything that was left, which has no name; an order that came back in parts alone has none.
    pub fn refund_of_the_rest(&self) -> Option<&Snapshot<Refund>> {
        let refunded = &self.refunded;
        let has_unnamed = refunded.refunds.len() > refunded.refund_ids.len();
        refunded.refunds.last().filter(|_| has_unnamed)
    }
}

impl RedeemedCode {
    fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&[
            "couponId", "codeId", "code", "label", "version", "amount", "terms", "restore",
        ])?;
        let terms = object.optional("terms", Snapshot::keep)?;
        Ok(Self {
            coupon_id: object.required("couponId", any_text)?,
            code_id: object.optional("codeId", any_text)?,
            code: object.optional("code", any_text)?,
            label: object.required("label", any_text)?,
            version: object.required("version", count)?,
            amount: object.required("amount", amount)?,
            terms: terms.unwrap_or(Snapshot::Taken(None)),
            restore: object.required("restore", Restores::parse_settled)?,
        })
    }
}

impl RedeemedLine {
    fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["id", "quantity", "total", "returned"])?;
        let quantity = object.required("quantity", count)?;
        Ok(Self {
            id: object.required("id", any_text)?,
            quantity,
            total: object.required("total", amount)?,
            returned: object.required("returned", |units| units.integer(0, quantity))?,
        })
    }
}

impl RedeemedCredit {
    fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["couponId", "amount", "restored"])?;
        let paid = object.required("amount", amount)?;
        Ok(Self {
            coupon_id: object.required("couponId", any_text)?,
            amount: paid,
            restored: object.required("restored", |one| Amount::parse(one, paid.minor()))?,
        })
    }
}

impl Refunded {
    fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&[
            "amount",
            "credit",
            "shipping",
            "other",
            "refunds",
            "refundIds",
            "payloads",
        ])?;
        let texts = |name: &str| object.required(name, |all| all.list(0, usize::MAX, any_text));
        Ok(Self {
            amount: object.required("amount", amount)?,
            credit: object.required("credit", amount)?,
            shipping: object.required("shipping", |flag| flag.flag())?,
            other: object.required("other", amount)?,
            refunds: object.required("refunds", |all| all.list(0, usize::MAX, Snapshot::keep))?,
            refund_ids: texts("refundIds")?,
            payloads: texts("payloads")?,
        })
    }
}

impl Flag {
    fn parse(node: &Node<'_>) -> Result<Self> {
        node.word(&[
            ("overdraft", Self::Overdraft),
            ("customer_limit_exceeded", Self::CustomerLimitExceeded),
        ])
    }
}

/// An order's or a refund's name: 1 … 200 characters.
pub(super) fn key(node: &Node<'_>) -> Result<String> {
    text(node, 200)
}

pub(super) fn any_text(node: &Node<'_>) -> Result<String> {
    node.text().map(str::to_owned)
}

fn amount(node: &Node<'_>) -> Result<Amount> {
    Amount::parse(node, i64::MAX)
}

pub(super) fn count(node: &Node<'_>) -> Result<i64> {
    node.integer(0, i64::MAX)
}
