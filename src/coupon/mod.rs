//! Coupons as a merchant sees them: defining one field by field, its terms in plain words, its status. Whether one
//! applies to a cart is decided in `eligibility`.

mod definition;
mod status;
mod terms;

pub use definition::{Defined, define_codes, define_coupon};
pub use status::{Description, Status, describe};
pub use terms::terms;
