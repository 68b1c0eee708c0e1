//! The vocabulary: every value the rules speak of, checked once on its way in. Parse, don't validate: whoever holds one
//! of these types needs no further check. Owns shapes and ranges; knows no rule.

mod cart;
mod code;
mod code_text;
mod coupon;
mod currency;
mod customer;
mod identifier;
mod instant;
mod money;
mod order;
mod path;
mod policy;
mod reader;
mod restriction;
mod stacking;
mod terms;
mod usage;
mod value;

pub use cart::{Cart, Line, LineKind};
pub use code::{Code, EnteredCode, Origin};
pub use code_text::{CodeText, InnerSpace};
pub use coupon::{CombinesWith, Coupon, CouponType, State};
pub use currency::Currency;
pub use customer::{Customer, CustomerKey};
pub use identifier::{Identifier, metadata, text};
pub use instant::Instant;
pub use money::{Amount, Amounts, BasisPoints, Rounding};
pub use order::{Index, sort_by, sort_unique};
pub use path::Path;
pub use policy::{CodeShape, Disclosure, Policy, Preset, Settings};
pub use reader::{Node, Object};
pub use restriction::{Limits, Minimum, Products, Restrictions, Scope};
pub use stacking::{OnConflict, Order, Stacking, StackingMode};
pub use terms::{Discount, Duration};
pub use usage::{Counter, CounterName, Usage};
pub use value::Value;

/// The version of the stored records that this engine reads and writes.
pub const SCHEMA_VERSION: i64 = 1;
