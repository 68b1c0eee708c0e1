//! What a discount takes off: a value, which units it is taken of, and how it is shared out (semantics §2 – §6). One small
//! algebra instead of a type per promotion. Owns the shapes; amounts are computed in `discount`.

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Amounts, BasisPoints, Distribution, Node, Object, Tiers, Units, tiers::Threshold};
use crate::error::{Error, Result};

/// What is taken off.
#[derive(Clone, Debug)]
pub struct Discount {
    /// How much.
    pub value: DiscountValue,
    /// Of what.
    pub target: Target,
    /// Of which units; `None` for all.
    pub units: Option<Units>,
    /// How it is shared out, where the shop's way is not wanted.
    pub distribution: Option<Distribution>,
    /// The most it takes off one line.
    pub max_per_line: Option<Amounts>,
    /// What it is taken of, where the stacking mode's way is not wanted.
    pub basis: Option<Basis>,
}

/// How much is taken off.
#[derive(Clone, Debug)]
pub enum DiscountValue {
    /// A part of the base, at most `cap` an order.
    Percent {
        /// Hundredths of a percent.
        basis_points: BasisPoints,
        /// The most it takes off.
        cap: Option<Amounts>,
    },
    /// A fixed amount.
    Amount {
        /// Per currency.
        amounts: Amounts,
        /// Once for every so much of the eligible lines.
        every: Option<Amounts>,
        /// At most so many times.
        times: Option<i64>,
    },
    /// What the price is above a new one.
    Price {
        /// The new price of each unit.
        amounts: Amounts,
    },
    /// Whichever value the cart is large enough for.
    Tiers(Tiers),
    /// A balance that depletes (semantics §16).
    StoreCredit {
        /// As issued; one currency.
        amounts: Amounts,
        /// What it may pay.
        covers: Covers,
        /// Whether whoever has the code may use it.
        bearer: bool,
    },
}

/// Of what is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// The lines.
    #[default]
    Items,
    /// Shipping.
    Shipping,
}

/// What a discount is taken of (semantics §2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The price before any coupon.
    Original,
    /// What earlier discounts left.
    Running,
}

/// What a store credit may pay (semantics §16).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Covers {
    /// Lines.
    Items,
    /// Lines and their tax.
    ItemsTax,
    /// Shipping as well.
    GrandTotal,
}

#[derive(Clone, Copy)]
enum Kind {
    Percent,
    Amount,
    Price,
    Tiers,
    StoreCredit,
}

const EVERY_FIELD: [&str; 15] = [
    "type",
    "basisPoints",
    "cap",
    "amounts",
    "every",
    "times",
    "by",
    "tiers",
    "covers",
    "bearer",
    "target",
    "units",
    "distribution",
    "maxPerLine",
    "basis",
];

impl Discount {
    /// Reads a discount.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&EVERY_FIELD)?;
        let kind = object.required("type", |kind| {
            kind.word(&[
                ("percent", Kind::Percent),
                ("amount", Kind::Amount),
                ("price", Kind::Price),
                ("tiers", Kind::Tiers),
                ("store_credit", Kind::StoreCredit),
            ])
        })?;
        let target = object.optional("target", |target| {
            target.word(&[("items", Target::Items), ("shipping", Target::Shipping)])
        })?;
        let target = target.unwrap_or_default();
        // Read again with the fields of this type only: a cap on an amount is a mistake (S2.18, S4.10).
        let mut known = fields_of(kind).to_vec();
        match (kind, target) {
            (Kind::StoreCredit, _) => {}
            (_, Target::Shipping) => known.extend(["target", "basis"]),
            (_, Target::Items) => {
                known.extend(["target", "basis", "units", "distribution", "maxPerLine"]);
            }
        }
        let object = node.object(&known)?;
        Ok(Self {
            value: match kind {
                Kind::Tiers => DiscountValue::Tiers(Tiers::parse(&object)?),
                Kind::StoreCredit => store_credit(&object)?,
                _ => plain_value(kind, &object)?,
            },
            target,
            units: object.optional("units", Units::parse)?,
            distribution: object.optional("distribution", Distribution::parse)?,
            max_per_line: object.optional("maxPerLine", Amounts::parse)?,
            basis: object.optional("basis", |basis| {
                basis.word(&[("original", Basis::Original), ("running", Basis::Running)])
            })?,
        })
    }

    /// Every map that must have an amount in the cart's currency (semantics §1).
    pub fn currency_maps(&self) -> Vec<&Amounts> {
        let mut maps = self.value.currency_maps();
        maps.extend(&self.max_per_line);
        maps
    }

    /// Whether it is a balance, which is applied last and counts as payment.
    pub fn is_store_credit(&self) -> bool {
        matches!(self.value, DiscountValue::StoreCredit { .. })
    }

    /// Whether it is taken of shipping.
    pub fn is_for_shipping(&self) -> bool {
        self.target == Target::Shipping
    }
}

fn fields_of(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Percent => &["type", "basisPoints", "cap"],
        Kind::Amount => &["type", "amounts", "every", "times"],
        Kind::Price => &["type", "amounts"],
        Kind::Tiers => &["type", "by", "tiers"],
        Kind::StoreCredit => &["type", "amounts", "covers", "bearer"],
    }
}

fn plain_value(kind: Kind, object: &Object<'_>) -> Result<DiscountValue> {
    if matches!(kind, Kind::Percent) {
        return Ok(DiscountValue::Percent {
            basis_points: object.required("basisPoints", BasisPoints::parse)?,
            cap: object.optional("cap", Amounts::parse)?,
        });
    }
    if matches!(kind, Kind::Price) {
        let amounts = object.required("amounts", Amounts::parse_prices)?;
        return Ok(DiscountValue::Price { amounts });
    }
    let amounts = object.required("amounts", Amounts::parse)?;
    let every = object.optional("every", Amounts::parse)?;
    let times = object.optional("times", |times| times.integer(1, 1_000_000))?;
    if every.is_none() && times.is_some() {
        return Err(Error::required(&object.path().key("every")));
    }
    Ok(DiscountValue::Amount {
        amounts,
        every,
        times,
    })
}

fn store_credit(object: &Object<'_>) -> Result<DiscountValue> {
    let amounts = object.required("amounts", |amounts| {
        let parsed = Amounts::parse(amounts)?;
        match parsed.iter().count() {
            1 => Ok(parsed),
            _ => Err(amounts.invalid("must have exactly one currency: it is one balance")),
        }
    })?;
    Ok(DiscountValue::StoreCredit {
        amounts,
        covers: object
            .optional("covers", |covers| {
                covers.word(&[
                    ("items", Covers::Items),
                    ("items_tax", Covers::ItemsTax),
                    ("grand_total", Covers::GrandTotal),
                ])
            })?
            .unwrap_or(Covers::Items),
        bearer: object
            .optional("bearer", |flag| flag.flag())?
            .unwrap_or(false),
    })
}

impl DiscountValue {
    /// Reads the value of one tier: plain, without further fields.
    pub(super) fn parse_in_tier(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&["type", "basisPoints", "cap", "amounts"])?;
        let kind = object.required("type", |kind| {
            kind.word(&[
                ("percent", Kind::Percent),
                ("amount", Kind::Amount),
                ("price", Kind::Price),
            ])
        })?;
        let bare = match kind {
            Kind::Percent => fields_of(kind),
            _ => &["type", "amounts"],
        };
        plain_value(kind, &node.object(bare)?)
    }

    fn currency_maps(&self) -> Vec<&Amounts> {
        match self {
            Self::Percent { cap, .. } => cap.iter().collect(),
            Self::Amount { amounts, every, .. } => [Some(amounts), every.as_ref()]
                .into_iter()
                .flatten()
                .collect(),
            Self::Price { amounts } | Self::StoreCredit { amounts, .. } => vec![amounts],
            Self::Tiers(tiers) => {
                let mut maps = Vec::new();
                for tier in &tiers.tiers {
                    if let Threshold::Amounts(amounts) = &tier.from {
                        maps.push(amounts);
                    }
                    maps.extend(tier.discount.currency_maps());
                }
                maps
            }
        }
    }

    fn entries<M: SerializeMap>(&self, map: &mut M) -> std::result::Result<(), M::Error> {
        match self {
            Self::Percent { basis_points, cap } => {
                map.serialize_entry("type", "percent")?;
                map.serialize_entry("basisPoints", basis_points)?;
                entry(map, "cap", cap.as_ref())
            }
            Self::Amount {
                amounts,
                every,
                times,
            } => {
                map.serialize_entry("type", "amount")?;
                map.serialize_entry("amounts", amounts)?;
                entry(map, "every", every.as_ref())?;
                entry(map, "times", times.as_ref())
            }
            Self::Price { amounts } => {
                map.serialize_entry("type", "price")?;
                map.serialize_entry("amounts", amounts)
            }
            Self::Tiers(tiers) => {
                map.serialize_entry("type", "tiers")?;
                map.serialize_entry("by", &tiers.by)?;
                map.serialize_entry("tiers", &tiers.tiers)
            }
            Self::StoreCredit {
                amounts,
                covers,
                bearer,
            } => {
                map.serialize_entry("type", "store_credit")?;
                map.serialize_entry("amounts", amounts)?;
                map.serialize_entry("covers", covers)?;
                map.serialize_entry("bearer", bearer)
            }
        }
    }
}

/// An entry, if there is something to say.
fn entry<M: SerializeMap, T: Serialize>(
    map: &mut M,
    key: &'static str,
    value: Option<&T>,
) -> std::result::Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(key, value))
}

impl Serialize for DiscountValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.entries(&mut map)?;
        map.end()
    }
}

impl Serialize for Discount {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.value.entries(&mut map)?;
        if self.is_for_shipping() {
            map.serialize_entry("target", &self.target)?;
        }
        entry(&mut map, "units", self.units.as_ref())?;
        entry(&mut map, "distribution", self.distribution.as_ref())?;
        entry(&mut map, "maxPerLine", self.max_per_line.as_ref())?;
        entry(&mut map, "basis", self.basis.as_ref())?;
        map.end()
    }
}
