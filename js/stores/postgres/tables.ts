/**
 * The tables of version 1, as an analyst will meet them. Owns all tables and their indexes; released, it is not edited:
 * a later version is another migration. What each is, is said in `comments.ts`.
 *
 * Text is compared byte for byte (`COLLATE "C"`). Instants are epoch milliseconds in UTC; the views have them as
 * timestamps. Nothing but the functions of the schema writes to the ledger's tables, so they have no foreign keys.
 */
import { CUSTOMER_OF_COUNTER } from "../customer.js";
import { comments } from "./comments.js";

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
