//! Coupons and rules as a merchant sees them: defining and revising them field by field, their status, how long a
//! redeemed one lasts. Whether one applies to a cart is decided in `eligibility`.

mod definition;
mod duration;
mod revision;
mod status;

pub use definition::{Defined, DefinedCodes, define_codes, define_coupon, define_rule};
pub use duration::discount_active_at;
pub use revision::{revise_code, revise_coupon, revise_rule};
pub use status::{Description, Status, describe};
