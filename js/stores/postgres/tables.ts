/**
 * The tables of version 1, as an analyst will meet them. Owns all tables, their indexes and comments; released, it is not
 * edited: a later version is another migration.
 *
 * Text is compared byte for byte (`COLLATE "C"`). Instants are epoch milliseconds in UTC; the views have them as
 * timestamps. Nothing but the functions of the schema writes to the ledger's tables, so they have no foreign keys.
 */
import { CUSTOMER_OF_COUNTER } from "../customer.js";

export function tables(schema: string): string {
  return definitionTables(schema) + ledgerTables(schema) + comments(schema);
}

const definitionTables = (schema: string): string => `
CREATE TABLE ${schema}.migrations (
  version integer PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE ${schema}.settings (
  one integer PRIMARY KEY DEFAULT 1 CHECK (one = 1),
  record json NOT NULL
);

CREATE TABLE ${schema}.coupons (
  id text COLLATE "C" PRIMARY KEY,
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  version bigint NOT NULL,
  rules text[] COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  record json NOT NULL
);
CREATE INDEX coupons_by_creation ON ${schema}.coupons (created_at, seq);

CREATE TABLE ${schema}.codes (
  code text COLLATE "C" PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE,
  coupon_id text COLLATE "C" NOT NULL,
  batch integer,
  version bigint NOT NULL,
  record json NOT NULL
);
CREATE INDEX codes_by_coupon ON ${schema}.codes (coupon_id, code);

CREATE TABLE ${schema}.rules (
  id text COLLATE "C" PRIMARY KEY,
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  version bigint NOT NULL,
  automatic boolean NOT NULL,
  created_at bigint NOT NULL,
  record json NOT NULL
);
CREATE INDEX rules_by_creation ON ${schema}.rules (created_at, seq);
CREATE INDEX rules_automatic ON ${schema}.rules (id) WHERE automatic;

CREATE TABLE ${schema}.batches (
  coupon_id text COLLATE "C" NOT NULL,
  number integer NOT NULL CHECK (number >= 1),
  state text COLLATE "C" NOT NULL CHECK (state IN ('running', 'complete', 'failed')),
  requested bigint NOT NULL,
  generated bigint NOT NULL DEFAULT 0,
  shape text COLLATE "C" NOT NULL,
  actor text COLLATE "C",
  created_at bigint NOT NULL,
  PRIMARY KEY (coupon_id, number)
);

CREATE TABLE ${schema}.batch_numbers (
  coupon_id text COLLATE "C" PRIMARY KEY,
  last integer NOT NULL
);
`;

const STATES = "CHECK (state IN ('held', 'redeemed', 'released', 'expired', 'rolled_back'))";

const ledgerTables = (schema: string): string => `
CREATE TABLE ${schema}.ledger_entries (
  key text COLLATE "C" NOT NULL,
  revision bigint NOT NULL CHECK (revision >= 0),
  state text COLLATE "C" NOT NULL ${STATES},
  at bigint NOT NULL,
  hold_until bigint,
  body text NOT NULL,
  index jsonb NOT NULL,
  PRIMARY KEY (key, revision)
);

CREATE TABLE ${schema}.ledger_newest (
  key text COLLATE "C" PRIMARY KEY,
  revision bigint NOT NULL,
  state text COLLATE "C" NOT NULL ${STATES},
  at bigint NOT NULL,
  hold_until bigint,
  order_id text COLLATE "C"
);
CREATE INDEX ledger_newest_by_time ON ${schema}.ledger_newest (at DESC, key);
CREATE INDEX ledger_newest_by_order ON ${schema}.ledger_newest (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX ledger_newest_holds ON ${schema}.ledger_newest (hold_until, key) WHERE state = 'held';

-- live_until repeats what the newest revision says, so that a counter's holds are added up from its index alone.
CREATE TABLE ${schema}.redemption_claims (
  key text COLLATE "C" NOT NULL,
  counter text COLLATE "C" NOT NULL,
  amount bigint NOT NULL,
  ceiling bigint,
  live_until bigint,
  PRIMARY KEY (key, counter)
);
CREATE INDEX redemption_claims_by_counter ON ${schema}.redemption_claims (counter, live_until) INCLUDE (amount, key);

CREATE TABLE ${schema}.redemption_coupons (
  key text COLLATE "C" NOT NULL,
  coupon_id text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (key, coupon_id)
);
CREATE INDEX redemption_coupons_by_coupon ON ${schema}.redemption_coupons (coupon_id, at DESC, key) INCLUDE (state);

CREATE TABLE ${schema}.redemption_codes (
  key text COLLATE "C" NOT NULL,
  code_id text COLLATE "C" NOT NULL,
  state text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  PRIMARY KEY (key, code_id)
);
CREATE INDEX redemption_codes_by_code ON ${schema}.redemption_codes (code_id, at DESC, key) INCLUDE (state);

CREATE TABLE ${schema}.redemption_customers (
  key text COLLATE "C" NOT NULL,
  customer text COLLATE "C" NOT NULL,
  current boolean NOT NULL,
  last_at bigint,
  PRIMARY KEY (key, customer)
);
CREATE INDEX redemption_customers_by_customer ON ${schema}.redemption_customers (customer, last_at);

-- Room on every page, so that the many updates of one row stay on its page and touch no index.
CREATE TABLE ${schema}.counters (
  name text COLLATE "C" PRIMARY KEY,
  claimed bigint NOT NULL CHECK (claimed >= 0 AND claimed <= 9007199254740991),
  ceiling bigint,
  until bigint,
  customer text COLLATE "C" GENERATED ALWAYS AS (substring(name from '${CUSTOMER_OF_COUNTER}')) STORED
) WITH (fillfactor = 50);
CREATE INDEX counters_by_until ON ${schema}.counters (until) WHERE until IS NOT NULL;
CREATE INDEX counters_by_customer ON ${schema}.counters (customer) WHERE customer IS NOT NULL;
`;

const comments = (schema: string): string => commentsOf(schema, {
  migrations: "The versions that this schema has been brought to.",
  settings: "The shop's one record of settings.",
  coupons: "One row per coupon.",
  "coupons.seq": "The order of insertion.",
  "coupons.rules": "Ids of the linked discount rules.",
  "coupons.created_at": "Epoch milliseconds.",
  "coupons.record": "The coupon as the engine stores it.",
  codes: "One row per code, archived ones included; its text is unique over the shop.",
  "codes.code": "The canonical text that customers type.",
  "codes.batch": "The number of the generation run it came from.",
  "codes.record": "The code as the engine stores it.",
  rules: "One row per discount rule.",
  "rules.automatic": "Active and without a code: every checkout reads it.",
  batches: "One row per generation run of a coupon's codes.",
  "batches.shape": "What its codes are made of.",
  "batches.actor": "Who asked for it.",
  batch_numbers: "The last number given to a coupon's runs.",
  ledger_entries: "Append only: every revision of every reservation and redemption. For its present state see the view redemptions.",
  "ledger_entries.key": "The shop's order or checkout id.",
  "ledger_entries.revision": "From 0; grows with every change.",
  "ledger_entries.at": "When this revision was made, epoch milliseconds.",
  "ledger_entries.hold_until": "Of a hold: when it ends, epoch milliseconds.",
  "ledger_entries.body": "The whole record as JSON text: totals, codes, lines, refunds.",
  "ledger_entries.index": "What this revision claims and is found by: claims, coupons, codes, customerKeys, order.",
  ledger_newest: "One row per key: its newest revision.",
  "ledger_newest.order_id": "The shop's order id, once known.",
  redemption_claims: "One row per limit that a key's newest revision counts towards.",
  "redemption_claims.amount": "1, or minor units of a budget or store credit.",
  "redemption_claims.ceiling": "The limit it was claimed under.",
  "redemption_claims.live_until": "Of a hold: when it ends, epoch milliseconds (the greatest number: never); empty if it is no hold.",
  redemption_coupons: "One row per coupon of a key's newest revision.",
  "redemption_coupons.at": "When that revision was made, epoch milliseconds.",
  redemption_codes: "One row per code of a key's newest revision.",
  "redemption_codes.at": "When that revision was made, epoch milliseconds.",
  redemption_customers: "One row per key and customer that any of its revisions names.",
  "redemption_customers.customer": "kind/value; only of the kind id is the value as the shop gave it, of others it is a hash.",
  "redemption_customers.current": "Whether the newest revision names it.",
  "redemption_customers.last_at": "When a revision named it last, epoch milliseconds.",
  counters: "One row per limit in use: of a coupon, a code, a customer, a day, a budget, a store credit.",
  "counters.name": "What is limited, for example coupon/{id} or coupon/{id}/customer/{kind}/{value}.",
  "counters.claimed": "Held and redeemed together; minor units of a budget or store credit.",
  "counters.ceiling": "The limit it was last claimed under.",
  "counters.until": "Of no use after this instant, epoch milliseconds; empty: kept.",
  "counters.customer": "Whose counter it is, kind/value.",
});

/** `table` or `table.column`. */
function commentsOf(schema: string, texts: Readonly<Record<string, string>>): string {
  return Object.entries(texts)
    .map(([name, text]) => `COMMENT ON ${name.includes(".") ? "COLUMN" : "TABLE"} ${schema}.${name} IS '${text.replaceAll("'", "''")}';\n`)
    .join("");
}
