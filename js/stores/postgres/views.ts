/**
 * What an analyst reads instead of the tables: redemptions as they stand, with timestamps, and the use of limits. Owns the
 * views of version 1 and their comments; released, they are not edited. The store itself never reads them.
 *
 * What is the engine's own is left out: entries under `credit/` and `limit/`, which no key of a host begins with, the mark
 * `{coupon}/credit` among coupons, and the counters of attempts. What was added to a credit is in its ceiling.
 */
import { commentsOf } from "./comments.js";

export function views(schema: string): string {
  return redemptions(schema) + counterUsage(schema) + commentsOf(schema, "VIEW", COMMENTS);
}

const redemptions = (schema: string): string => `
CREATE VIEW ${schema}.redemptions AS
SELECT
  entry.key,
  entry.revision,
  entry.state,
  to_timestamp(entry.at / 1000.0) AS at,
  to_timestamp(entry.hold_until / 1000.0) AS hold_until,
  newest.order_id,
  ARRAY(
    SELECT coupon.id FROM jsonb_array_elements_text(entry.index -> 'coupons') AS coupon (id) WHERE coupon.id NOT LIKE '%/credit'
  ) AS coupons,
  ARRAY(SELECT jsonb_array_elements_text(entry.index -> 'codes')) AS codes,
  ARRAY(SELECT jsonb_array_elements_text(entry.index -> 'customerKeys')) AS customers,
  entry.body::json AS record
FROM ${schema}.ledger_newest AS newest
JOIN ${schema}.ledger_entries AS entry USING (key, revision)
WHERE newest.key NOT LIKE 'credit/%' AND newest.key NOT LIKE 'limit/%';
`;

const counterUsage = (schema: string): string => `
CREATE VIEW ${schema}.counter_usage AS
SELECT
  counter.name,
  counter.claimed,
  hold.held,
  hold.ended,
  counter.claimed - hold.held - hold.ended AS used,
  coalesce(credit.issued, counter.ceiling) AS ceiling,
  counter.customer
FROM ${schema}.counters AS counter
CROSS JOIN (SELECT extract(epoch FROM now()) * 1000 AS now) AS clock
CROSS JOIN LATERAL (
  SELECT
    coalesce(sum(claim.amount) FILTER (WHERE claim.live_until > clock.now), 0)::bigint AS held,
    coalesce(sum(claim.amount) FILTER (WHERE claim.live_until <= clock.now), 0)::bigint AS ended
  FROM ${schema}.redemption_claims AS claim
  WHERE claim.counter = counter.name AND claim.live_until IS NOT NULL
) AS hold
LEFT JOIN LATERAL (
  SELECT amount.value::bigint
    + coalesce((SELECT added.claimed FROM ${schema}.counters AS added WHERE added.name = counter.name || '/added'), 0) AS issued
  FROM ${schema}.coupons AS coupon, json_each_text(coupon.record -> 'discount' -> 'amounts') AS amount
  WHERE coupon.id = substring(counter.name from '^coupon/([^/]+)/credit$')
    AND coupon.record -> 'discount' ->> 'type' = 'store_credit'
) AS credit ON true
WHERE counter.name NOT LIKE 'attempt/%' AND counter.name !~ '^coupon/[^/]+/credit/added$';
`;

const COMMENTS: Readonly<Record<string, string>> = {
  redemptions: "One row per reservation or redemption as it stands now.",
  "redemptions.key": "The shop's order or checkout id, as it was reserved or redeemed under.",
  "redemptions.revision": "From 0; grows with every change.",
  "redemptions.state": "held (not paid yet, ended or not), redeemed, released, expired or rolled_back.",
  "redemptions.at": "When it last changed.",
  "redemptions.hold_until": "Of a held one: when the hold ends, or has ended.",
  "redemptions.order_id": "The shop's order id, once known.",
  "redemptions.coupons": "Ids of its coupons.",
  "redemptions.codes": "Ids of its codes.",
  "redemptions.customers": "Its customer's keys, kind/value; only of the kind id is the value as the shop gave it, of others it is a hash.",
  "redemptions.record": "All of it: totals, codes with what each took off, lines, refunds; minor units.",
  counter_usage: "One row per limit in use, claimed = held + ended + used; of a budget or store credit minor units, else redemptions.",
  "counter_usage.name": "What is limited: coupon/{id} or code/{id}, behind it /day, /week, /month, /customer, /budget/{currency} or /credit; first_order/customer/{kind}/{value}.",
  "counter_usage.claimed": "Held, ended and used together.",
  "counter_usage.held": "By reservations that are not paid and, by this server's clock, have not ended.",
  "counter_usage.ended": "By reservations that, by this server's clock, have ended and were not cleared away yet; it keeps nobody out.",
  "counter_usage.used": "By what was redeemed; of a store credit also what was voided.",
  "counter_usage.ceiling": "The limit it was last claimed under, empty if there was none; of a store credit all that was issued, later additions too.",
  "counter_usage.customer": "Whose it is, kind/value; empty if it is not one customer's.",
};
