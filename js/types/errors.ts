/**
 * What a broken call throws. The list of codes is closed; `src/error.rs` is its other half.
 */
export type ErrorCode =
  // the request
  /** A field is missing. */
  | "required"
  /** The value has the wrong type; `message` names the right one. */
  | "invalid_type"
  /** The type is right, the value is not allowed. */
  | "invalid_value"
  /** A field that does not exist here: a misspelt restriction must not be ignored. */
  | "unknown_field"
  /** A number is outside its range, or a list has too few entries. */
  | "out_of_range"
  /** A text is longer than its limit, in characters; for a URL, than `maxLength`. */
  | "too_long"
  /** A list has too many entries, or the input or a commit goes beyond its bounds. */
  | "too_large"
  /** The input is nested too deep, or in a circle. */
  | "too_deep"
  /** The same id or code is given twice in one call (semantics §20). */
  | "duplicate"
  /** A defined code's text cannot be a code (semantics §19). */
  | "invalid_code"
  /** An amount left the range of 64-bit minor units (semantics §1): an error, never a wrap. */
  | "arithmetic"
  /** A getter or proxy of the input, or the engine's `clock`, threw. */
  | "unreadable"
  // reservations
  /** There is no reservation or redemption of this key. */
  | "reservation_not_found"
  /**
   * The key, or the refund's id, belongs to another request: `reserve` with `replace` takes a new cart. The answer says
   * nothing of that other request (semantics §14).
   */
  | "idempotency_mismatch"
  /**
   * A commit was sent and nobody can say whether it was written; `retryable`: the same call with the same key finds out.
   * `cause` is what kept the answer back.
   */
  | "outcome_unknown"
  /** Other writers were in the way each time; nothing was written; `retryable`. */
  | "storage_busy"
  // the back office
  /** A stored coupon or code has this id already. */
  | "duplicate_id"
  /** A stored code has this canonical text already, archived ones included (semantics §20, S2.33). */
  | "duplicate_code"
  /** No stored coupon has this id. */
  | "coupon_not_found"
  /** No stored code has this id. */
  | "code_not_found"
  /** No rule has this id, at the link or in the call (semantics §32). */
  | "linked_discount_not_found"
  /** The policy's `lock` keeps these terms; `details.fields` names them (semantics §22, S2.65). */
  | "terms_locked"
  /** The stored record has another version than the caller's; `details.version`, unless it is being changed (S0.24). */
  | "version_conflict"
  /** The code space is too small for the codes asked for, or every draw was taken (semantics §21). */
  | "key_space_exhausted"
  /** What the call asks for cannot be done here: the storage or the platform lacks it, such as `storage.registry`. */
  | "not_supported"
  // the host's storage
  /** The storage threw, or could not be opened; `retryable`. */
  | "storage_failed"
  /** The storage did not answer within the engine's time-out, milliseconds; `retryable`. */
  | "storage_timeout"
  /** The storage answered something that is not of the contract's shape. */
  | "storage_invalid_answer"
  /** Something for first or certain orders needs the number of earlier ones and nobody gave it (semantics §12). */
  | "prior_orders_unavailable"
  /** The store's policy and the engine's `policy` option differ (semantics §33). */
  | "policy_conflict"
  /** The store's records are of a newer schema than this engine knows. */
  | "schema_too_new"
  // the engine
  /** The WebAssembly module has not been started, or could not be: await `initialize()`. */
  | "not_initialized"
  /** Too few random bytes were given, or the platform has none (semantics §21). */
  | "entropy_unavailable"
  /** The caller's `signal` ended the call, or its `onProgress` threw. */
  | "aborted"
  /** The engine or the prepared set has been closed. */
  | "closed"
  /** A defect of the engine; the input is not at fault. */
  | "internal";
