-- A shop's file as version 2 of the SQLite schema wrote it: every table, with rows in it. Never edited: it is what is
-- out there.
CREATE TABLE meta (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  schema_version INTEGER NOT NULL
) STRICT;
INSERT INTO meta (one, schema_version) VALUES (1, 2);

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

-- automatic: the gate is "automatic" and the state "active"; every checkout reads these.
CREATE TABLE rules (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  automatic INTEGER NOT NULL CHECK (automatic IN (0, 1)),
  record TEXT NOT NULL
) STRICT;
CREATE INDEX rules_by_creation ON rules (created_at, seq);
CREATE INDEX rules_automatic ON rules (seq) WHERE automatic = 1;

INSERT INTO settings (one, record) VALUES
  (1, '{"schemaVersion":2,"policy":{"preset":"dovetech","stacking":{"mode":"sequential","maxCodes":5,"order":"priority","onConflict":"reject_new","onInapplicable":"partial","maxPerCategory":{"shipping":1},"onePerLine":false},"rounding":"half_up","roundingPoint":"coupon","distribution":"proportional","globalCapBasisPoints":null,"foreignDiscounts":"alongside","interaction":"alongside","minPayable":{"EGP":100},"allowZeroTotal":true,"lock":"on_create","stopOnDeactivate":true,"disclosure":"actionable","minBasisPoints":1,"urlTokenTyped":false,"innerSpace":"remove","stripPlusTag":false,"codeShape":"unguessable"}}');
INSERT INTO coupons (seq, id, created_at, record) VALUES
  (1, 'spring', 1780228800000, '{"schemaVersion":2,"id":"spring","type":"standard","code":"SPRING","name":"Frühling''s","description":null,"discount":null,"rules":["gift"],"duration":{"type":"once"},"restrictions":{"startsAt":null,"expiresAt":null,"validForDays":null,"schedule":null,"minimum":null,"maximum":null,"products":null,"customers":null,"customerGroups":null,"firstOrderOnly":false,"orderNumber":null,"channels":null,"countries":null,"paymentMethods":null,"shippingMethods":null,"coupons":null},"dates":"intersect","limits":{"total":null,"perCustomer":null},"priority":0,"exclusive":false,"category":null,"combinesWith":"all","stopAfter":false,"withForeign":null,"template":null,"refusalMessage":null,"state":"active","archivedFrom":null,"metadata":{},"version":1,"createdAt":1780228800000}'),
  (2, 'pool', 1780228800000, '{"schemaVersion":2,"id":"pool","type":"bulk_pool","code":null,"name":null,"description":null,"discount":{"type":"percent","basisPoints":2000},"rules":[],"duration":{"type":"once"},"restrictions":{"startsAt":null,"expiresAt":null,"validForDays":null,"schedule":null,"minimum":null,"maximum":null,"products":null,"customers":null,"customerGroups":null,"firstOrderOnly":false,"orderNumber":null,"channels":null,"countries":null,"paymentMethods":null,"shippingMethods":null,"coupons":null},"dates":"intersect","limits":{"total":5,"perCustomer":1},"priority":0,"exclusive":false,"category":null,"combinesWith":"all","stopAfter":false,"withForeign":null,"template":null,"refusalMessage":null,"state":"active","archivedFrom":null,"metadata":{},"version":1,"createdAt":1780228800000}');
INSERT INTO codes (code, id, coupon_id, batch, record) VALUES
  ('SPRING', 'code_SPRING', 'spring', NULL, '{"schemaVersion":2,"id":"code_SPRING","couponId":"spring","code":"SPRING","restrictions":{"startsAt":null,"expiresAt":null,"validForDays":null,"schedule":null,"minimum":null,"maximum":null,"products":null,"customers":null,"customerGroups":null,"firstOrderOnly":false,"orderNumber":null,"channels":null,"countries":null,"paymentMethods":null,"shippingMethods":null,"coupons":null},"limits":{"total":null,"perCustomer":null},"state":"active","archivedFrom":null,"batch":null,"metadata":{},"issuedAt":null,"version":1,"createdAt":1780228800000}'),
  ('POOL-7K4M9X', 'code_POOL-7K4M9X', 'pool', 1, '{"schemaVersion":2,"id":"code_POOL-7K4M9X","couponId":"pool","code":"POOL-7K4M9X","restrictions":{"startsAt":null,"expiresAt":null,"validForDays":null,"schedule":null,"minimum":null,"maximum":null,"products":null,"customers":null,"customerGroups":null,"firstOrderOnly":false,"orderNumber":null,"channels":null,"countries":null,"paymentMethods":null,"shippingMethods":null,"coupons":null},"limits":{"total":1,"perCustomer":null},"state":"active","archivedFrom":null,"batch":1,"metadata":{},"issuedAt":null,"version":1,"createdAt":1780228800000}');
INSERT INTO rules (seq, id, created_at, automatic, record) VALUES
  (1, 'gift', 1780228800000, 0, '{"schemaVersion":2,"id":"gift","name":null,"description":null,"gate":"coupon","discount":{"type":"percent","basisPoints":1000},"restrictions":{"startsAt":null,"expiresAt":null,"validForDays":null,"schedule":null,"minimum":null,"maximum":null,"products":null,"customers":null,"customerGroups":null,"firstOrderOnly":false,"orderNumber":null,"channels":null,"countries":null,"paymentMethods":null,"shippingMethods":null,"coupons":null},"priority":0,"category":null,"combinesWith":"all","stopAfter":false,"state":"active","interaction":null,"withForeign":null,"refusalMessage":null,"archivedFrom":null,"metadata":{},"version":1,"createdAt":1780228800000}'),
  (2, 'free', 1780228800000, 1, '{"schemaVersion":2,"id":"free","name":null,"description":null,"gate":"automatic","discount":{"type":"percent","basisPoints":1000},"restrictions":{"startsAt":null,"expiresAt":null,"validForDays":null,"schedule":null,"minimum":null,"maximum":null,"products":null,"customers":null,"customerGroups":null,"firstOrderOnly":false,"orderNumber":null,"channels":null,"countries":null,"paymentMethods":null,"shippingMethods":null,"coupons":null},"priority":0,"category":null,"combinesWith":"all","stopAfter":false,"state":"active","interaction":null,"withForeign":null,"refusalMessage":null,"archivedFrom":null,"metadata":{},"version":1,"createdAt":1780228800000}');
INSERT INTO batches (coupon_id, number, state, requested, generated, shape, actor, created_at) VALUES
  ('pool', 1, 'complete', 1, 1, '["POOL-",6]', 'mona', 1780228800000);
INSERT INTO ledger_entries (key, revision, state, at, hold_until, body) VALUES
  ('order-1', 0, 'held', 1780228800000, 1780229100000, '{"n":0}'),
  ('order-1', 1, 'redeemed', 1780228800001, NULL, '{"n":1}'),
  ('order-2', 0, 'held', 1780228800000, 1780229100000, '{}'),
  ('order-3', 0, 'released', 1780228800000, NULL, '{}');
INSERT INTO ledger_index (kind, value, key, revision) VALUES
  ('counter', 'coupon/pool', 'order-1', 0),
  ('counter', 'coupon/pool/customer/email/ann@example.com', 'order-1', 0),
  ('coupon', 'pool', 'order-1', 0),
  ('code', 'code_POOL-7K4M9X', 'order-1', 0),
  ('customer', 'id/42', 'order-1', 0),
  ('customer', 'email/ann@example.com', 'order-1', 0),
  ('counter', 'coupon/pool', 'order-1', 1),
  ('counter', 'coupon/pool/customer/email/ann@example.com', 'order-1', 1),
  ('coupon', 'pool', 'order-1', 1),
  ('code', 'code_POOL-7K4M9X', 'order-1', 1),
  ('customer', 'id/42', 'order-1', 1),
  ('customer', 'email/ann@example.com', 'order-1', 1),
  ('order', 'the "1st"', 'order-1', 1),
  ('coupon', 'pool', 'order-2', 0),
  ('counter', 'coupon/pool', 'order-2', 0);
INSERT INTO live_holds (counter, key, hold_until) VALUES
  ('coupon/pool', 'order-2', 1780229100000);
INSERT INTO counters (name, claimed, ceiling) VALUES
  ('coupon/pool', 2, 5),
  ('coupon/pool/customer/email/ann@example.com', 1, 1);
