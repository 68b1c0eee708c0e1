/**
 * What an analyst reads instead of the tables: newest revisions with timestamps, and the use of limits. Owns the views
 * of version 1; the store itself never reads them.
 */
export function views(schema: string): string {
  return `
CREATE VIEW ${schema}.redemptions AS
SELECT
  entry.key,
  entry.revision,
  entry.state,
  to_timestamp(entry.at / 1000.0) AS at,
  to_timestamp(entry.hold_until / 1000.0) AS hold_until,
  newest.order_id,
  ARRAY(SELECT jsonb_array_elements_text(entry.index -> 'coupons')) AS coupons,
  ARRAY(SELECT jsonb_array_elements_text(entry.index -> 'codes')) AS codes,
  ARRAY(SELECT jsonb_array_elements_text(entry.index -> 'customerKeys')) AS customers,
  entry.body::json AS record
FROM ${schema}.ledger_newest AS newest
JOIN ${schema}.ledger_entries AS entry USING (key, revision);
COMMENT ON VIEW ${schema}.redemptions IS 'One row per reservation or redemption as it stands now; coupons and codes are ids.';

CREATE VIEW ${schema}.counter_usage AS
SELECT
  counter.name,
  counter.claimed,
  coalesce(hold.amount, 0)::bigint AS held,
  (counter.claimed - coalesce(hold.amount, 0))::bigint AS used,
  counter.ceiling,
  counter.customer,
  to_timestamp(counter.until / 1000.0) AS until
FROM ${schema}.counters AS counter
LEFT JOIN LATERAL (
  SELECT sum(claim.amount) AS amount FROM ${schema}.redemption_claims AS claim
  WHERE claim.counter = counter.name AND claim.live_until IS NOT NULL
) AS hold ON true;
COMMENT ON VIEW ${schema}.counter_usage IS
  'One row per limit in use: claimed = held (not paid yet, ended holds included) + used; ceiling is the limit it was last claimed under.';
`;
}
