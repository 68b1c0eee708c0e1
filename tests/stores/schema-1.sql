-- A shop's file as version 1 of the SQLite schema wrote it: every table, with rows in it. Never edited: it is what is
-- out there.
CREATE TABLE meta (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  schema_version INTEGER NOT NULL
) STRICT;
INSERT INTO meta (one, schema_version) VALUES (1, 1);

CREATE TABLE settings (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  record TEXT NOT NULL
) STRICT;

CREATE TABLE coupons (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  record TEXT NOT NULL
) STRICT;
CREATE INDEX coupons_by_creation ON coupons (created_at, seq);

-- Unique over the whole shop, archived codes included: this key is the judge of every create, import and generation.
CREATE TABLE codes (
  code TEXT NOT NULL PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  coupon_id TEXT NOT NULL,
  batch INTEGER,
  record TEXT NOT NULL
) STRICT;
CREATE INDEX codes_by_coupon ON codes (coupon_id, code);

CREATE TABLE batches (
  coupon_id TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number >= 1),
  state TEXT NOT NULL,
  requested INTEGER NOT NULL,
  generated INTEGER NOT NULL,
  shape TEXT NOT NULL,
  actor TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (coupon_id, number)
) STRICT, WITHOUT ROWID;

-- Append only. The key is idempotency key, compare-and-swap and audit trail in one.
CREATE TABLE ledger_entries (
  key TEXT NOT NULL,
  revision INTEGER NOT NULL,
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  hold_until INTEGER,
  body TEXT NOT NULL,
  PRIMARY KEY (key, revision)
) STRICT;

-- kind: counter, coupon, code, customer or order.
CREATE TABLE ledger_index (
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  key TEXT NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (kind, value, key, revision),
  FOREIGN KEY (key, revision) REFERENCES ledger_entries (key, revision)
) STRICT, WITHOUT ROWID;

-- Derived from the two above, so that a read never walks the history of a counter: one row per counter that a key
-- claims while its newest revision is held.
CREATE TABLE live_holds (
  counter TEXT NOT NULL,
  key TEXT NOT NULL,
  hold_until INTEGER,
  PRIMARY KEY (counter, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX live_holds_by_key ON live_holds (key);

-- ceiling is that of the last commit, not the coupon's limit: it is here for the check alone.
CREATE TABLE counters (
  name TEXT NOT NULL PRIMARY KEY,
  claimed INTEGER NOT NULL,
  ceiling INTEGER,
  CHECK (claimed >= 0 AND claimed <= 9007199254740991 AND (ceiling IS NULL OR claimed <= ceiling))
) STRICT, WITHOUT ROWID;

INSERT INTO settings (one, record) VALUES (1, '{"schemaVersion":1,"policy":{"preset":"dino","stacking":{"mode":"additive","maxCodes":5,"order":"priority","onConflict":"reject_new"},"rounding":"half_up","disclosure":"full","minBasisPoints":1,"urlTokenTyped":false,"innerSpace":"remove","stripPlusTag":false,"codeShape":"short"}}');
INSERT INTO coupons (seq, id, created_at, record) VALUES
  (1, 'spring', 1780228800000, '{"schemaVersion":1,"id":"spring","type":"standard","code":"SPRING","name":"Frühling''s","description":null,"discount":{"type":"percent","basisPoints":2000},"duration":{"type":"once"},"restrictions":{"startsAt":null,"expiresAt":null,"minimum":{"amounts":{"EGP":5000},"scope":"all_lines"},"products":{"include":["tulip"],"exclude":[]},"customers":null,"firstOrderOnly":false},"limits":{"total":null,"perCustomer":null},"priority":0,"exclusive":false,"category":null,"combinesWith":"all","state":"active","metadata":{},"version":1,"createdAt":1780228800000}'),
  (2, 'pool', 1780228800000, '{"schemaVersion":1,"id":"pool","type":"bulk_pool","code":"POOL","name":null,"description":null,"discount":{"type":"percent","basisPoints":2000},"duration":{"type":"once"},"restrictions":{"startsAt":null,"expiresAt":null,"minimum":null,"products":null,"customers":null,"firstOrderOnly":false},"limits":{"total":5,"perCustomer":1},"priority":0,"exclusive":false,"category":null,"combinesWith":"all","state":"archived","metadata":{},"version":1,"createdAt":1780228800000}');
INSERT INTO codes (code, id, coupon_id, batch, record) VALUES
  ('SPRING', 'code_SPRING', 'spring', NULL, '{"schemaVersion":1,"id":"code_SPRING","couponId":"spring","code":"SPRING","restrictions":{"startsAt":null,"expiresAt":null,"minimum":null,"products":null,"customers":null,"firstOrderOnly":false},"limits":{"total":null,"perCustomer":null},"state":"active","batch":null,"metadata":{},"createdAt":1780228800000}'),
  ('POOL-7K4M9X', 'code_POOL-7K4M9X', 'pool', 1, '{"schemaVersion":1,"id":"code_POOL-7K4M9X","couponId":"pool","code":"POOL-7K4M9X","restrictions":{"startsAt":null,"expiresAt":null,"minimum":null,"products":null,"customers":null,"firstOrderOnly":false},"limits":{"total":1,"perCustomer":null},"state":"active","batch":1,"metadata":{},"createdAt":1780228800000}');
INSERT INTO batches (coupon_id, number, state, requested, generated, shape, actor, created_at) VALUES
  ('pool', 1, 'complete', 1, 1, '["POOL-",6]', 'mona', 1780228800000);
INSERT INTO ledger_entries (key, revision, state, at, hold_until, body) VALUES ('order-1', 0, 'held', 1780228800000, 1780229100000, '{}');
INSERT INTO ledger_index (kind, value, key, revision) VALUES ('coupon', 'pool', 'order-1', 0), ('counter', 'coupon/pool', 'order-1', 0);
INSERT INTO live_holds (counter, key, hold_until) VALUES ('coupon/pool', 'order-1', 1780229100000);
INSERT INTO counters (name, claimed, ceiling) VALUES ('coupon/pool', 3, 5);
