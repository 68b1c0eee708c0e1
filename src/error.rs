//! The closed list of what can be wrong with a call. Owns codes and the error value; a business "no" is not an error
//! but a [`Rejection`](crate::eligibility::Rejection).

use std::fmt;

use serde::Serialize;

use crate::model::Path;

/// `Result` with the crate's one error type.
pub type Result<T> = std::result::Result<T, Error>;

/// What is wrong, in one word. `js/types/errors.ts` is the other half of this list and adds the codes that only the
/// shim can raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// An amount left the range of 64-bit minor units.
    Arithmetic,
    /// The same id or code is given twice.
    Duplicate,
    /// Too few random bytes were given.
    EntropyUnavailable,
    /// A code's text cannot be a code.
    InvalidCode,
    /// The value has the wrong type.
    InvalidType,
    /// The type is right, the value is not allowed.
    InvalidValue,
    /// The code space is too small for the codes asked for.
    KeySpaceExhausted,
    /// The same key or name was given to another request before.
    IdempotencyMismatch,
    /// A coupon links a rule that does not exist.
    LinkedDiscountNotFound,
    /// A number is outside its range.
    OutOfRange,
    /// A commit may or may not have been written.
    OutcomeUnknown,
    /// A policy is set both in the store and in the engine's options.
    PolicyConflict,
    /// Something for first or certain orders needs the number of earlier ones and nobody gave it.
    PriorOrdersUnavailable,
    /// A field is missing.
    Required,
    /// No reservation has this key.
    ReservationNotFound,
    /// The store's records are of a newer schema than this engine knows.
    SchemaTooNew,
    /// Other writers kept the storage busy; nothing was written.
    StorageBusy,
    /// The storage answered something that is not of the contract's shape.
    StorageInvalidAnswer,
    /// Terms that cannot change any more.
    TermsLocked,
    /// A list has too many entries.
    TooLarge,
    /// A text is too long.
    TooLong,
    /// A field that does not exist here.
    UnknownField,
}

/// A broken call: what, where, and in words. One pointer wide, because every reader's result has room for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Error(Box<Fault>);

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Fault {
    code: ErrorCode,
    path: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Details>,
}

/// What a caller can act on beside the path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Details {
    fields: Vec<String>,
}

impl Error {
    /// An error at `path`. `message` says what is expected there; it never repeats what was given.
    pub fn new(code: ErrorCode, path: impl fmt::Display, message: impl Into<String>) -> Self {
        Self(Box::new(Fault {
            code,
            path: path.to_string(),
            message: message.into(),
            details: None,
        }))
    }

    /// The same error, naming the fields it is about.
    #[must_use]
    pub fn about_fields(mut self, fields: Vec<String>) -> Self {
        self.0.details = Some(Details { fields });
        self
    }

    /// A field is missing.
    pub fn required(path: &Path<'_>) -> Self {
        Self::new(ErrorCode::Required, path, "is required")
    }

    /// The type is wrong; `expected` names the right one with its article.
    pub fn expected(path: &Path<'_>, expected: &str) -> Self {
        Self::new(ErrorCode::InvalidType, path, format!("must be {expected}"))
    }

    /// An amount left the range of 64-bit minor units.
    pub fn arithmetic(path: impl fmt::Display) -> Self {
        Self::new(
            ErrorCode::Arithmetic,
            path,
            "amounts add up to more than can be represented",
        )
    }

    /// The same error, told as a fault of the storage's answer rather than of the request.
    #[must_use]
    pub fn in_storage_answer(mut self) -> Self {
        if self.0.code != ErrorCode::SchemaTooNew {
            self.0.code = ErrorCode::StorageInvalidAnswer;
        }
        self
    }

    /// What is wrong.
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// Where, such as `cart.lines[2].quantity`; empty for the whole input.
    pub fn path(&self) -> &str {
        &self.0.path
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault { path, message, .. } = &*self.0;
        if path.is_empty() {
            write!(f, "input {message}")
        } else {
            write!(f, "`{path}` {message}")
        }
    }
}

impl std::error::Error for Error {}
