/**
 * What every table and every column of version 1 says of itself in the database, for who looks there first. Owns these
 * texts and how a comment is written; released, they are not edited.
 */
export function comments(schema: string): string {
  return commentsOf(schema, "TABLE", COMMENTS);
}

/** Of relations of one kind, by `name` or `name.column`. */
export function commentsOf(schema: string, kind: "TABLE" | "VIEW", texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts)
    .map(([name, text]) => `COMMENT ON ${name.includes(".") ? "COLUMN" : kind} ${schema}.${name} IS '${text.replaceAll("'", "''")}';\n`)
    .join("");
}

const VERSION = "Grows with every change; an update must name the one it read.";
const HOLD_UNTIL = "Of a hold: when it ends, epoch milliseconds; else empty.";
const STATE = "held, redeemed, released, expired or rolled_back.";
const NEWEST_STATE = `State of that revision: ${STATE}`;
const KEY = "As in ledger_entries.";

const COMMENTS: Readonly<Record<string, string>> = {
  migrations: "The versions that this schema has been brought to.",
  "migrations.version": "From 1.",
  "migrations.applied_at": "When, by this server's clock.",

  settings: "The shop's one record of settings.",
  "settings.one": "Always 1: there is one row at most.",
  "settings.record": "The settings as the engine stores them.",

  coupons: "One row per coupon, archived ones included.",
  "coupons.id": "Never changes.",
  "coupons.seq": "The order of insertion.",
  "coupons.version": VERSION,
  "coupons.rules": "Ids of the linked discount rules.",
  "coupons.created_at": "Epoch milliseconds.",
  "coupons.record": "The coupon as the engine stores it.",

  codes: "One row per code, archived ones included.",
  "codes.code": "The canonical text that customers type, unique over the shop.",
  "codes.id": "Never changes.",
  "codes.coupon_id": "The coupon it belongs to.",
  "codes.batch": "The number of the coupon's generation run that it came from; else empty.",
  "codes.version": VERSION,
  "codes.record": "The code as the engine stores it.",

  rules: "One row per discount rule, archived ones included.",
  "rules.id": "Never changes.",
  "rules.seq": "The order of insertion.",
  "rules.version": VERSION,
  "rules.automatic": "Active and without a code: every checkout reads it.",
  "rules.created_at": "Epoch milliseconds.",
  "rules.record": "The rule as the engine stores it.",

  batches: "One row per generation run of a coupon's codes.",
  "batches.coupon_id": "The coupon it makes codes for.",
  "batches.number": "From 1 for each coupon.",
  "batches.state": "running, complete or failed.",
  "batches.requested": "Codes asked for.",
  "batches.generated": "Codes stored, once it is over; 0 before.",
  "batches.shape": "What its codes are made of, as the engine writes it.",
  "batches.actor": "Who asked for it, if that was said.",
  "batches.created_at": "Epoch milliseconds.",

  batch_numbers: "The last number given to a coupon's runs.",
  "batch_numbers.coupon_id": "The coupon.",
  "batch_numbers.last": "No later run gets this number or a lower one.",

  ledger_entries: "Every revision of every reservation and redemption; append only, but for the renaming of a customer. For what stands now see the view redemptions.",
  "ledger_entries.key": "The shop's order or checkout id; under credit/ and limit/ are the engine's own, changes of a credit and limits given later.",
  "ledger_entries.revision": "From 0; grows with every change.",
  "ledger_entries.state": `What this revision made of it: ${STATE}`,
  "ledger_entries.at": "When this revision was made, epoch milliseconds.",
  "ledger_entries.hold_until": HOLD_UNTIL,
  "ledger_entries.body": "The whole record as JSON text: totals, codes, lines, refunds.",
  "ledger_entries.index": "What this revision claims and is found by: claims, coupons, codes, customerKeys, order.",

  ledger_newest: "One row per key: its newest revision.",
  "ledger_newest.key": KEY,
  "ledger_newest.revision": "The greatest there is.",
  "ledger_newest.state": NEWEST_STATE,
  "ledger_newest.at": "When that revision was made, epoch milliseconds.",
  "ledger_newest.hold_until": HOLD_UNTIL,
  "ledger_newest.order_id": "The shop's order id, once known.",

  redemption_claims: "One row per counter that a key's newest revision counts towards.",
  "redemption_claims.key": KEY,
  "redemption_claims.counter": "As in counters.name.",
  "redemption_claims.amount": "1, or minor units of a budget or store credit; more than 1 for a limit given later.",
  "redemption_claims.ceiling": "The limit it was claimed under; empty if there was none.",
  "redemption_claims.live_until": "Of a hold: when it ends, epoch milliseconds (the greatest number: never); empty if it is no hold.",

  redemption_coupons: "One row per coupon of a key's newest revision.",
  "redemption_coupons.key": KEY,
  "redemption_coupons.coupon_id": "The coupon; {coupon}/credit marks what moved its store credit.",
  "redemption_coupons.state": NEWEST_STATE,
  "redemption_coupons.at": "When that revision was made, epoch milliseconds.",

  redemption_codes: "One row per code of a key's newest revision.",
  "redemption_codes.key": KEY,
  "redemption_codes.code_id": "The code's id, not its text.",
  "redemption_codes.state": NEWEST_STATE,
  "redemption_codes.at": "When that revision was made, epoch milliseconds.",

  redemption_customers: "One row per key and customer that any of its revisions names.",
  "redemption_customers.key": KEY,
  "redemption_customers.customer": "kind/value; only of the kind id is the value as the shop gave it, of others it is a hash.",
  "redemption_customers.current": "Whether the newest revision names it.",
  "redemption_customers.last_at": "When a revision named it last, epoch milliseconds; empty if only claims do.",

  counters: "One row per counter: of a coupon, a code, a customer, a period, a budget, a store credit, and of attempts.",
  "counters.name": "What is counted, for example coupon/{id} or coupon/{id}/customer/{kind}/{value}.",
  "counters.claimed": "Held, ended and redeemed together; minor units of a budget or store credit.",
  "counters.ceiling": "The limit it was last claimed under; empty if there was none.",
  "counters.until": "Of no use after this instant, epoch milliseconds; empty: kept.",
  "counters.customer": "Whose counter it is, kind/value; empty if it is not one customer's.",
};
