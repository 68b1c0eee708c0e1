/**
 * What a broken call throws. The list of codes is closed; `src/error.rs` is its other half.
 */
export type ErrorCode =
  // the request
  | "required"
  | "invalid_type"
  | "invalid_value"
  | "unknown_field"
  | "out_of_range"
  | "too_long"
  | "too_large"
  | "too_deep"
  | "duplicate"
  | "invalid_code"
  | "arithmetic"
  | "unreadable"
  // the back office
  | "duplicate_id"
  | "duplicate_code"
  | "coupon_not_found"
  | "key_space_exhausted"
  | "not_supported"
  // the host's storage
  | "storage_failed"
  | "storage_timeout"
  | "storage_invalid_answer"
  | "prior_orders_unavailable"
  | "policy_conflict"
  | "schema_too_new"
  // the engine
  | "not_initialized"
  | "entropy_unavailable"
  | "aborted"
  | "closed"
  | "internal";
