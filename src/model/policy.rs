//! The shop's settings (semantics §33): one record, kept in the store. Owns the presets.

use serde::Serialize;

use super::{
    Amounts, BasisPoints, Distribution, InnerSpace, Node, OnConflict, OnInapplicable, Order,
    RedemptionPolicy, Rounding, RoundingPoint, SCHEMA_VERSION, Stacking, StackingMode,
    coupon::record,
    redemption_policy::{PAID, PAID_OR_PROCESSING},
    text,
};
use crate::error::Result;

const FIELDS: [&str; 20] = [
    "preset",
    "stacking",
    "rounding",
    "disclosure",
    "minBasisPoints",
    "urlTokenTyped",
    "innerSpace",
    "stripPlusTag",
    "codeShape",
    "roundingPoint",
    "distribution",
    "globalCapBasisPoints",
    "foreignDiscounts",
    "interaction",
    "minPayable",
    "allowZeroTotal",
    "lock",
    "stopOnDeactivate",
    "zone",
    "redemption",
];

/// The zone whose offset nobody has to say.
const UTC: &str = "UTC";

/// Every setting, settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// Where it started from.
    pub preset: Preset,
    /// How coupons go together.
    pub stacking: Stacking,
    /// How half a minor unit is settled.
    pub rounding: Rounding,
    /// How much a refusal tells.
    pub disclosure: Disclosure,
    /// The least percentage a coupon may be defined with.
    pub min_basis_points: i64,
    /// Whether a `url_token` code may be typed by hand.
    pub url_token_typed: bool,
    /// What a space inside a code means.
    pub inner_space: InnerSpace,
    /// Whether `a+tag@x` counts as `a@x` for customer limits.
    pub strip_plus_tag: bool,
    /// The shape of generated codes where a run names none.
    pub code_shape: CodeShape,
    /// At which point a percentage becomes whole minor units.
    pub rounding_point: RoundingPoint,
    /// How a discount is shared out over lines.
    pub distribution: Distribution,
    /// The most that all discounts together take off the lines, of what they cost.
    pub global_cap_basis_points: Option<BasisPoints>,
    /// What coupons do beside the host's own discounts.
    pub foreign_discounts: ForeignDiscounts,
    /// How automatic discounts and codes stand to each other.
    pub interaction: Interaction,
    /// The least that may remain to be paid.
    pub min_payable: Option<Amounts>,
    /// Whether nothing may remain to be paid.
    pub allow_zero_total: bool,
    /// From when on terms cannot change.
    pub lock: Lock,
    /// Whether a `forever` coupon stops discounting when it is switched off.
    pub stop_on_deactivate: bool,
    /// In whose local time days, weeks and months are counted.
    pub zone: String,
    /// How it reserves and redeems.
    pub redemption: RedemptionPolicy,
}

/// What coupons do beside the host's own discounts (semantics §8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ForeignDiscounts {
    /// Apply, to the price before any discount.
    Alongside,
    /// Give way.
    SuppressOurs,
    /// Apply, to what the host's discounts left.
    SubtractFromBase,
}

/// How automatic discounts and codes stand to each other (S1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Interaction {
    /// Both apply.
    Alongside,
    /// A code that applies stands in the place of automatic discounts.
    CodeReplaces,
    /// An automatic discount that applies stands in the place of codes.
    AutomaticReplaces,
}

impl Interaction {
    /// Reads an interaction.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        node.word(&[
            ("alongside", Self::Alongside),
            ("code_replaces", Self::CodeReplaces),
            ("automatic_replaces", Self::AutomaticReplaces),
        ])
    }
}

/// From when on terms cannot change (semantics §22).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lock {
    /// From their creation.
    OnCreate,
    /// From the first redemption.
    OnFirstRedemption,
    /// They always can.
    Never,
}

/// The shape of generated codes (semantics §21, §33).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeShape {
    /// As long as guessing asks for, of 30 symbols that cannot be misread.
    #[default]
    Unguessable,
    /// Six letters and digits, as in `SUMMER20-A8K2X9` (S0.15).
    Short,
}

impl CodeShape {
    /// Reads a shape.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        node.word(&[("unguessable", Self::Unguessable), ("short", Self::Short)])
    }
}

/// How much a refusal tells (semantics §24).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Disclosure {
    /// One answer wherever a stranger could learn something, no figures.
    Uniform,
    /// The same, but what a holder of a live code can act on is told with figures.
    Actionable,
    /// Everything: for servers and staff.
    Full,
}

impl Disclosure {
    /// Reads a disclosure.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        node.word(&[
            ("uniform", Self::Uniform),
            ("actionable", Self::Actionable),
            ("full", Self::Full),
        ])
    }
}

/// A named starting point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// Ours.
    Default,
    /// As guides 000 and 001.
    Dino,
    /// As guide 002.
    Xpay,
    /// As guide 003.
    Dovetech,
    /// As guide 004.
    Fontdue,
}

impl Preset {
    fn policy(self) -> Policy {
        let default = Policy {
            preset: self,
            stacking: Stacking {
                mode: StackingMode::Additive,
                max_codes: 1,
                order: Order::Priority,
                on_conflict: OnConflict::RejectNew,
                on_inapplicable: OnInapplicable::Partial,
                max_per_category: Vec::new(),
                one_per_line: false,
            },
            rounding: Rounding::HalfUp,
            disclosure: Disclosure::Actionable,
            min_basis_points: 1,
            url_token_typed: false,
            inner_space: InnerSpace::Remove,
            strip_plus_tag: false,
            code_shape: CodeShape::Unguessable,
            rounding_point: RoundingPoint::Coupon,
            distribution: Distribution::Proportional,
            global_cap_basis_points: None,
            foreign_discounts: ForeignDiscounts::Alongside,
            interaction: Interaction::Alongside,
            min_payable: None,
            allow_zero_total: true,
            lock: Lock::OnCreate,
            stop_on_deactivate: true,
            zone: UTC.to_owned(),
            redemption: RedemptionPolicy::redeeming(match self {
                Self::Default | Self::Dino => PAID_OR_PROCESSING,
                Self::Xpay | Self::Dovetech | Self::Fontdue => PAID,
            }),
        };
        let several = Stacking {
            max_codes: 5,
            ..default.stacking.clone()
        };
        match self {
            Self::Default => default,
            Self::Dino => Policy {
                stacking: several,
                code_shape: CodeShape::Short,
                lock: Lock::Never,
                ..default
            },
            Self::Xpay => Policy {
                min_basis_points: 100,
                url_token_typed: true,
                ..default
            },
            Self::Dovetech => Policy {
                stacking: Stacking {
                    mode: StackingMode::Sequential,
                    ..several
                },
                url_token_typed: true,
                lock: Lock::Never,
                ..default
            },
            Self::Fontdue => Policy {
                url_token_typed: true,
                ..default
            },
        }
    }
}

impl Default for Policy {
    fn default() -> Self {
        Preset::Default.policy()
    }
}

impl Policy {
    /// The disclosure that a policy names itself, rather than taking its preset's.
    pub fn stated_disclosure(node: &Node<'_>) -> Result<Option<Disclosure>> {
        node.object(&FIELDS)?
            .optional("disclosure", Disclosure::parse)
    }

    /// Reads a policy: what is not given comes from its preset.
    pub fn parse(node: &Node<'_>) -> Result<Self> {
        let object = node.object(&FIELDS)?;
        let preset = object
            .optional("preset", |preset| {
                preset.word(&[
                    ("default", Preset::Default),
                    ("dino", Preset::Dino),
                    ("xpay", Preset::Xpay),
                    ("dovetech", Preset::Dovetech),
                    ("fontdue", Preset::Fontdue),
                ])
            })?
            .unwrap_or(Preset::Default);
        let base = preset.policy();
        Ok(Self {
            preset,
            stacking: object
                .optional("stacking", |stacking| {
                    Stacking::parse(stacking, &base.stacking)
                })?
                .unwrap_or(base.stacking),
            rounding: object
                .optional("rounding", Rounding::parse)?
                .unwrap_or(base.rounding),
            disclosure: object
                .optional("disclosure", Disclosure::parse)?
                .unwrap_or(base.disclosure),
            min_basis_points: object
                .optional("minBasisPoints", |points| points.integer(1, 10_000))?
                .unwrap_or(base.min_basis_points),
            url_token_typed: object
                .optional("urlTokenTyped", |flag| flag.flag())?
                .unwrap_or(base.url_token_typed),
            inner_space: object
                .optional("innerSpace", InnerSpace::parse)?
                .unwrap_or(base.inner_space),
            strip_plus_tag: object
                .optional("stripPlusTag", |flag| flag.flag())?
                .unwrap_or(base.strip_plus_tag),
            code_shape: object
                .optional("codeShape", CodeShape::parse)?
                .unwrap_or(base.code_shape),
            rounding_point: object
                .optional("roundingPoint", RoundingPoint::parse)?
                .unwrap_or(base.rounding_point),
            distribution: object
                .optional("distribution", Distribution::parse)?
                .unwrap_or(base.distribution),
            global_cap_basis_points: object.optional("globalCapBasisPoints", BasisPoints::parse)?,
            foreign_discounts: object
                .optional("foreignDiscounts", |foreign| {
                    foreign.word(&[
                        ("alongside", ForeignDiscounts::Alongside),
                        ("suppress_ours", ForeignDiscounts::SuppressOurs),
                        ("subtract_from_base", ForeignDiscounts::SubtractFromBase),
                    ])
                })?
                .unwrap_or(base.foreign_discounts),
            interaction: object
                .optional("interaction", Interaction::parse)?
                .unwrap_or(base.interaction),
            min_payable: object.optional("minPayable", Amounts::parse)?,
            allow_zero_total: object
                .optional("allowZeroTotal", |flag| flag.flag())?
                .unwrap_or(base.allow_zero_total),
            lock: object
                .optional("lock", |lock| {
                    lock.word(&[
                        ("on_create", Lock::OnCreate),
                        ("on_first_redemption", Lock::OnFirstRedemption),
                        ("never", Lock::Never),
                    ])
                })?
                .unwrap_or(base.lock),
            stop_on_deactivate: object
                .optional("stopOnDeactivate", |flag| flag.flag())?
                .unwrap_or(base.stop_on_deactivate),
            zone: object
                .optional("zone", |zone| text(zone, 256))?
                .unwrap_or(base.zone),
            redemption: object
                .optional("redemption", |redemption| {
                    RedemptionPolicy::parse(redemption, &base.redemption)
                })?
                .unwrap_or(base.redemption),
        })
    }

    /// The zone whose offset must be known for days, weeks and months to be told; `None` where it is 0.
    pub fn zone_to_know(&self) -> Option<&str> {
        (self.zone != UTC).then_some(self.zone.as_str())
    }
}

/// The settings record of a store.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// The schema it is written with.
    pub schema_version: i64,
    /// As stored.
    pub policy: Policy,
}

impl Settings {
    /// The record of a policy.
    pub fn new(policy: Policy) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            policy,
        }
    }

    /// Reads a store's settings; refuses those of a newer schema.
    pub fn from_record(node: &Node<'_>) -> Result<Self> {
        let object = record(node, &["schemaVersion", "policy"])?;
        object.required("policy", Policy::parse).map(Self::new)
    }
}
