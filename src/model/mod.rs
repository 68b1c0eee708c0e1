//! The vocabulary: every value the rules speak of, checked once on its way in. Parse, don't validate: whoever holds one
//! of these types needs no further check. Owns shapes and ranges; knows no rule.

mod calendar;
mod cart;
mod claim;
mod code;
mod code_text;
mod coupon;
mod currency;
mod customer;
mod discount;
mod distribution;
mod duration;
mod identifier;
mod identity;
mod instant;
mod limits;
mod minimum;
mod money;
mod order;
mod path;
mod policy;
mod products;
mod reader;
mod redemption_policy;
mod restore;
mod restriction;
mod rfc3339;
mod rule;
mod schedule;
mod sha256;
mod stacking;
mod template;
mod tiers;
mod units;
mod usage;
mod value;

pub use calendar::{Date, Period};
pub use cart::{Cart, Foreign, Line, LineKind};
pub use claim::Claim;
pub use code::{Code, EnteredCode, Origin};
pub use code_text::{CodeText, InnerSpace};
pub use coupon::{CombinesWith, Coupon, CouponType, Dates, State, record};
pub use currency::Currency;
pub use customer::{Customer, CustomerKey};
pub use discount::{Basis, Covers, Discount, DiscountValue, Target};
pub use distribution::{Distribution, Host, RoundingPoint};
pub use duration::{Duration, Span};
pub use identifier::{Identifier, metadata, text};
pub use identity::Identities;
pub use instant::Instant;
pub use limits::{LimitWindow, Limits};
pub use minimum::{Maximum, Minimum, MinimumBasis, Scope};
pub use money::{Amount, Amounts, BasisPoints, Rounding};
pub use order::{Index, sort_by, sort_unique};
pub use path::Path;
pub use policy::{
    CodeShape, Disclosure, ForeignDiscounts, Interaction, Lock, Policy, Preset, Settings,
};
pub use products::{Products, Requires};
pub use reader::{Node, Object};
pub use redemption_policy::{HOLD_RANGE, LateRedeem, RedemptionPolicy, Statuses};
pub use restore::{CouponRestores, Restore, Restores};
pub use restriction::{OrderNumber, Restrictions};
pub use rule::{Gate, Rule, WithForeign};
pub use schedule::{LocalTime, Schedule, Window, Zones};
pub use stacking::{OnConflict, OnInapplicable, Order, Stacking, StackingMode};
pub use template::Template;
pub use tiers::{Threshold, Tier, TierMeasure, Tiers};
pub use units::{Buy, End, Units};
pub use usage::{ClaimState, Counter, CounterName, Usage};
pub use value::{SAFE, Value};

/// The version of the stored records that this engine reads and writes.
pub const SCHEMA_VERSION: i64 = 2;
