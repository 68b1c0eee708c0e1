/**
 * The functions of version 1: what a checkout does in the database, each in one statement. Owns how a commit is judged
 * and written; released, it is not edited: a later version is another migration.
 *
 * Their settings are in force while they run, whoever calls them on whatever connection.
 */
import { CUSTOMER_OF_COUNTER } from "../customer.js";

export function routines(schema: string): string {
  return find(schema) + entryOf(schema) + read(schema) + derive(schema) + commit(schema);
}

/**
 * A plan costs more to make than to carry out, so each connection makes it once; and as it may do so while the tables are
 * still empty, it goes by the indexes whatever it sees. A table that can only be read as a whole has an enormous cost then,
 * for which the server would compile machine code at each call, for 100 ms; so it may not.
 */
const PLANNED_ONCE = "SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off";

/** Codes, their coupons and those asked for, the rules of all of them. */
const find = (schema: string): string => `
CREATE FUNCTION ${schema}.find(wanted_codes text[], wanted_coupons text[], with_automatic boolean) RETURNS json
LANGUAGE plpgsql STABLE ${PLANNED_ONCE} AS $find$
DECLARE
  found_codes json;
  found_coupons json;
  coupon_ids text[];
  rule_ids text[];
BEGIN
  SELECT json_agg(code.record), array_agg(code.coupon_id) INTO found_codes, coupon_ids
  FROM ${schema}.codes AS code WHERE code.code = ANY (wanted_codes);

  SELECT json_agg(coupon.record) INTO found_coupons
  FROM ${schema}.coupons AS coupon WHERE coupon.id = ANY (wanted_coupons || coupon_ids);

  SELECT array_agg(linked.id) INTO rule_ids
  FROM ${schema}.coupons AS coupon, unnest(coupon.rules) AS linked (id) WHERE coupon.id = ANY (wanted_coupons || coupon_ids);

  RETURN json_build_object(
    'settings', (SELECT settings.record FROM ${schema}.settings),
    'codes', coalesce(found_codes, '[]'),
    'coupons', coalesce(found_coupons, '[]'),
    'rules', (
      SELECT coalesce(json_agg(rule.record), '[]') FROM ${schema}.rules AS rule
      WHERE rule.id = ANY (rule_ids) OR (with_automatic AND rule.automatic)
    )
  );
END
$find$;
`;

const entryOf = (schema: string): string => `
CREATE FUNCTION ${schema}.entry_of(entry ${schema}.ledger_entries) RETURNS json LANGUAGE sql STABLE AS $entry_of$
  SELECT json_build_object(
    'key', entry.key, 'revision', entry.revision, 'state', entry.state, 'at', entry.at, 'holdUntil', entry.hold_until,
    'body', entry.body, 'index', entry.index)
$entry_of$;
`;

/** A function that only reads sees one snapshot throughout, that of the statement that calls it. */
const read = (schema: string): string => `
CREATE FUNCTION ${schema}.read(request jsonb) RETURNS json LANGUAGE plpgsql STABLE ${PLANNED_ONCE} AS $read$
DECLARE
  instant bigint := (request ->> 'at')::bigint;
  holds jsonb := request -> 'expiredHolds';
  most integer := (holds ->> 'limit')::integer;
  ended_keys text[];
BEGIN
  IF jsonb_typeof(holds -> 'counters') = 'array' THEN
    ended_keys := ARRAY(
      SELECT claim.key FROM ${schema}.redemption_claims AS claim
      WHERE claim.counter = ANY (ARRAY(SELECT jsonb_array_elements_text(holds -> 'counters'))) AND claim.live_until <= instant
      GROUP BY claim.key, claim.live_until ORDER BY claim.live_until, claim.key LIMIT most);
  ELSIF most IS NOT NULL THEN
    ended_keys := ARRAY(
      SELECT newest.key FROM ${schema}.ledger_newest AS newest
      WHERE newest.state = 'held' AND newest.hold_until <= instant
      ORDER BY newest.hold_until, newest.key LIMIT most);
  END IF;

  RETURN json_build_object(
    'counters', (
      SELECT coalesce(json_agg(json_build_object(
        'claimed', coalesce((SELECT counter.claimed FROM ${schema}.counters AS counter WHERE counter.name = wanted.name), 0),
        'held', coalesce(hold.held, 0), 'ended', coalesce(hold.ended, 0), 'nextExpiry', hold.next_expiry
      ) ORDER BY wanted.place), '[]')
      FROM jsonb_array_elements_text(request -> 'counters') WITH ORDINALITY AS wanted (name, place)
      CROSS JOIN LATERAL (
        SELECT
          sum(claim.amount) FILTER (WHERE claim.live_until > instant) AS held,
          sum(claim.amount) FILTER (WHERE claim.live_until <= instant) AS ended,
          min(claim.live_until) FILTER (WHERE claim.live_until > instant AND claim.live_until < 9223372036854775807) AS next_expiry
        FROM ${schema}.redemption_claims AS claim
        WHERE claim.counter = wanted.name AND claim.live_until IS NOT NULL
      ) AS hold
    ),
    'entries', (
      SELECT coalesce(json_agg((
        SELECT ${schema}.entry_of(entry) FROM ${schema}.ledger_entries AS entry
        WHERE entry.key = wanted.key ORDER BY entry.revision DESC LIMIT 1
      ) ORDER BY wanted.place), '[]')
      FROM jsonb_array_elements_text(request -> 'entries') WITH ORDINALITY AS wanted (key, place)
    ),
    'expiredHolds', (
      SELECT coalesce(json_agg((
        SELECT ${schema}.entry_of(entry) FROM ${schema}.ledger_entries AS entry
        WHERE entry.key = wanted.key ORDER BY entry.revision DESC LIMIT 1
      ) ORDER BY wanted.place), '[]')
      FROM unnest(ended_keys) WITH ORDINALITY AS wanted (key, place)
    )
  );
END
$read$;
`;

/** Brings what is derived from a key's newest revision in line with this one, unless a newer one is there. */
const derive = (schema: string): string => `
CREATE FUNCTION ${schema}.derive(entry ${schema}.ledger_entries) RETURNS void LANGUAGE plpgsql AS $derive$
DECLARE
  live bigint := CASE WHEN entry.state = 'held' THEN coalesce(entry.hold_until, 9223372036854775807) END;
  customer_keys text[] := ARRAY(SELECT jsonb_array_elements_text(entry.index -> 'customerKeys'));
  is_newest boolean;
BEGIN
  INSERT INTO ${schema}.ledger_newest AS newest (key, revision, state, at, hold_until, order_id)
  VALUES (entry.key, entry.revision, entry.state, entry.at, entry.hold_until, entry.index ->> 'order')
  ON CONFLICT (key) DO UPDATE SET
    revision = excluded.revision, state = excluded.state, at = excluded.at, hold_until = excluded.hold_until,
    order_id = excluded.order_id
  WHERE newest.revision <= excluded.revision;
  is_newest := FOUND;

  -- A revision's claims name customers too, who may be no longer, or not yet, among its keys.
  INSERT INTO ${schema}.redemption_customers AS known (key, customer, current, last_at)
  SELECT entry.key, named.customer, is_newest AND bool_or(named.by_key), CASE WHEN bool_or(named.by_key) THEN entry.at END
  FROM (
    SELECT unnest(customer_keys) AS customer, true AS by_key
    UNION ALL
    SELECT substring(claim ->> 'counter' from '${CUSTOMER_OF_COUNTER}'), false FROM jsonb_array_elements(entry.index -> 'claims') AS claim
  ) AS named
  WHERE named.customer IS NOT NULL
  GROUP BY named.customer
  ON CONFLICT (key, customer) DO UPDATE SET
    current = CASE WHEN is_newest THEN excluded.current ELSE known.current END,
    last_at = greatest(known.last_at, excluded.last_at);
  IF NOT is_newest THEN
    RETURN;
  END IF;

  IF entry.revision > 0 THEN
    UPDATE ${schema}.redemption_customers AS known SET current = false
    WHERE known.key = entry.key AND known.current AND known.customer <> ALL (customer_keys);
    DELETE FROM ${schema}.redemption_claims AS claim
    WHERE claim.key = entry.key
      AND claim.counter <> ALL (ARRAY(SELECT named ->> 'counter' FROM jsonb_array_elements(entry.index -> 'claims') AS named));
    DELETE FROM ${schema}.redemption_coupons AS coupon
    WHERE coupon.key = entry.key AND coupon.coupon_id <> ALL (ARRAY(SELECT jsonb_array_elements_text(entry.index -> 'coupons')));
    DELETE FROM ${schema}.redemption_codes AS code
    WHERE code.key = entry.key AND code.code_id <> ALL (ARRAY(SELECT jsonb_array_elements_text(entry.index -> 'codes')));
  END IF;

  INSERT INTO ${schema}.redemption_claims (key, counter, amount, ceiling, live_until)
  SELECT entry.key, claim.counter, claim.amount, claim.ceiling, live
  FROM jsonb_to_recordset(entry.index -> 'claims') AS claim (counter text, amount bigint, ceiling bigint)
  ON CONFLICT (key, counter) DO UPDATE SET
    amount = excluded.amount, ceiling = excluded.ceiling, live_until = excluded.live_until;

  INSERT INTO ${schema}.redemption_coupons (key, coupon_id, state, at)
  SELECT DISTINCT entry.key, named.id, entry.state, entry.at FROM jsonb_array_elements_text(entry.index -> 'coupons') AS named (id)
  ON CONFLICT (key, coupon_id) DO UPDATE SET state = excluded.state, at = excluded.at;

  INSERT INTO ${schema}.redemption_codes (key, code_id, state, at)
  SELECT DISTINCT entry.key, named.id, entry.state, entry.at FROM jsonb_array_elements_text(entry.index -> 'codes') AS named (id)
  ON CONFLICT (key, code_id) DO UPDATE SET state = excluded.state, at = excluded.at;
END
$derive$;
`;

/**
 * Judges first, without writing or waiting: of the many who come for a counter that is full, each costs a read. What was
 * free is then written, under locks and judged again, in an inner block that a refusal undoes. Keys before counters, each
 * in the order of their names: two commits never wait for each other in a circle, and the counter that many want is
 * locked last.
 */
const commit = (schema: string): string => `
CREATE FUNCTION ${schema}.commit(batch jsonb) RETURNS jsonb LANGUAGE plpgsql ${PLANNED_ONCE} AS $commit$
DECLARE
  most CONSTANT bigint := 9007199254740991;
  refusal jsonb;
  entry record;
  written ${schema}.ledger_entries;
  change record;
BEGIN
  -- For this transaction only. An answered commit has to survive a power cut.
  IF current_setting('synchronous_commit') = 'off' THEN
    PERFORM set_config('synchronous_commit', 'local', true);
  END IF;

  SELECT jsonb_build_object('status', 'ceiling', 'add', judged.place - 1, 'claimed', judged.claimed) INTO refusal
  FROM (
    SELECT wanted.*, coalesce((SELECT counter.claimed FROM ${schema}.counters AS counter WHERE counter.name = wanted.counter), 0) AS claimed
    FROM ROWS FROM (jsonb_to_recordset(batch -> 'add') AS (counter text, delta bigint, ceiling bigint))
      WITH ORDINALITY AS wanted (counter, delta, ceiling, place)
  ) AS judged
  WHERE judged.claimed + judged.delta NOT BETWEEN 0 AND coalesce(judged.ceiling, most)
  ORDER BY judged.place LIMIT 1;
  IF refusal IS NOT NULL THEN
    -- Keys are looked at after the counters: what filled a counter before may be an earlier sending of this very batch.
    FOR entry IN
      SELECT wanted.* FROM ROWS FROM (jsonb_to_recordset(batch -> 'insert') AS (key text, revision bigint))
        WITH ORDINALITY AS wanted (key, revision, place)
      ORDER BY wanted.place
    LOOP
      PERFORM FROM ${schema}.ledger_entries AS taken WHERE taken.key = entry.key AND taken.revision = entry.revision;
      IF FOUND THEN
        RETURN jsonb_build_object('status', 'exists', 'insert', entry.place - 1);
      END IF;
    END LOOP;
    RETURN refusal;
  END IF;

  BEGIN
    FOR entry IN
      SELECT wanted.* FROM
        ROWS FROM (jsonb_to_recordset(batch -> 'insert') AS
          (key text, revision bigint, state text, at bigint, "holdUntil" bigint, body text, index jsonb))
        WITH ORDINALITY AS wanted (key, revision, state, at, hold_until, body, index, place)
      ORDER BY wanted.key COLLATE "C", wanted.revision, wanted.place
    LOOP
      INSERT INTO ${schema}.ledger_entries (key, revision, state, at, hold_until, body, index)
      VALUES (entry.key, entry.revision, entry.state, entry.at, entry.hold_until, entry.body, entry.index)
      ON CONFLICT DO NOTHING
      RETURNING * INTO written;
      IF NOT FOUND THEN
        refusal := jsonb_build_object('status', 'exists', 'insert', entry.place - 1);
        RAISE EXCEPTION USING ERRCODE = 'CE001';
      END IF;
      PERFORM ${schema}.derive(written);
    END LOOP;

    FOR change IN
      SELECT wanted.* FROM
        ROWS FROM (jsonb_to_recordset(batch -> 'add') AS (counter text, delta bigint, ceiling bigint, until bigint))
        WITH ORDINALITY AS wanted (counter, delta, ceiling, until, place)
      ORDER BY wanted.counter COLLATE "C", wanted.place
    LOOP
      IF change.delta > 0 THEN
        INSERT INTO ${schema}.counters AS counter (name, claimed, ceiling, until)
        SELECT change.counter, change.delta, change.ceiling, change.until WHERE change.delta <= coalesce(change.ceiling, most)
        ON CONFLICT (name) DO UPDATE SET
          claimed = counter.claimed + change.delta, ceiling = coalesce(change.ceiling, counter.ceiling), until = change.until
        WHERE counter.claimed + change.delta <= coalesce(change.ceiling, most);
      ELSIF change.delta < 0 THEN
        UPDATE ${schema}.counters AS counter SET
          claimed = counter.claimed + change.delta, ceiling = coalesce(change.ceiling, counter.ceiling), until = change.until
        WHERE counter.name = change.counter AND counter.claimed + change.delta BETWEEN 0 AND coalesce(change.ceiling, most);
      ELSE
        -- Nothing to write; held back from others until the end, so that what was judged still is so then.
        PERFORM FROM ${schema}.counters AS counter WHERE counter.name = change.counter FOR SHARE;
        PERFORM WHERE coalesce((SELECT counter.claimed FROM ${schema}.counters AS counter WHERE counter.name = change.counter), 0)
          <= coalesce(change.ceiling, most);
      END IF;
      IF NOT FOUND THEN
        refusal := jsonb_build_object('status', 'ceiling', 'add', change.place - 1);
        RAISE EXCEPTION USING ERRCODE = 'CE001';
      END IF;
    END LOOP;
  EXCEPTION WHEN SQLSTATE 'CE001' THEN
    IF refusal ->> 'status' = 'ceiling' THEN
      refusal := refusal || jsonb_build_object('claimed', coalesce((
        SELECT counter.claimed FROM ${schema}.counters AS counter WHERE counter.name = change.counter), 0));
    END IF;
    RETURN refusal;
  END;
  RETURN jsonb_build_object('status', 'committed');
END
$commit$;
`;
