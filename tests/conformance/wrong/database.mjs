/**
 * What the wrong adapters are written against: a SQLite file behind a driver that, like those of servers, takes its time
 * for each statement. Owns the tables and the read; every `commit` is somebody else's.
 */
import Database from "libsql";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS entries (key TEXT, revision INTEGER, record TEXT, PRIMARY KEY (key, revision));
  CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, claimed INTEGER NOT NULL);
`;

/** All connections to a file are of this process: who waits for what is kept here, by path and name. */
const queues = new Map();

export function openDatabase(path) {
  const [reader, writer] = [connectionTo(path), connectionTo(path)];

  /** Begins when nobody else writes to the file; where `onBusy` is given, that is the answer instead of waiting. */
  async function transaction(work, onBusy) {
    if (onBusy !== undefined && queues.has(path)) return onBusy;
    return queued(path, async () => {
      writer.exec("BEGIN IMMEDIATE");
      const outcome = await work(statementsOf(writer)).catch((error) => {
        writer.exec("ROLLBACK");
        throw error;
      });
      writer.exec(outcome.status === "committed" ? "COMMIT" : "ROLLBACK");
      return outcome;
    });
  }

  return {
    transaction,
    /** A statement that commits by itself. How many rows it changed. */
    async run(sql, ...values) {
      const { changes } = await transaction(async ({ run }) => ({ status: "committed", changes: await run(sql, ...values) }));
      return changes;
    },
    get: statementsOf(reader).get,
    /** Waits for everybody who has locked the same name. */
    locked: (name, work) => queued(`${path} ${name}`, work),
    read: (request) => readAll(reader, request),
    close() {
      reader.close();
      writer.close();
    },
  };
}

function connectionTo(path) {
  const native = new Database(path);
  native.exec("PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
  native.exec(SCHEMA);
  return native;
}

/** A statement takes as long as a round trip to a server: everybody else gets a turn. */
function statementsOf(native) {
  return {
    async run(sql, ...values) {
      await turn();
      return native.prepare(sql).run(values).changes;
    },
    async get(sql, ...values) {
      await turn();
      return native.prepare(sql).get(values);
    },
  };
}

/** Runs it when everything before it in the queue of this name has ended. */
async function queued(name, work) {
  const result = (queues.get(name) ?? Promise.resolve()).then(work);
  const ended = result.catch(() => {});
  queues.set(name, ended);
  try {
    return await result;
  } finally {
    if (queues.get(name) === ended) queues.delete(name);
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Revisions are stored whole; what a read says of holds is made of them, as plainly as can be. */
function readAll(native, { at, counters, entries, expiredHolds }) {
  const newest = native.prepare("SELECT record, max(revision) FROM entries GROUP BY key").all([]).map(({ record }) => JSON.parse(record));
  const holds = newest.filter(({ state }) => state === "held");
  const hasEnded = (entry) => entry.holdUntil <= at;
  const claims = (entry, counter) => entry.index.claims.find((claim) => claim.counter === counter)?.amount ?? 0;
  const sum = (of, counter) => of.reduce((total, entry) => total + claims(entry, counter), 0);
  const selectClaimed = native.prepare("SELECT claimed FROM counters WHERE name = ?");
  return {
    counters: counters.map((counter) => {
      const live = holds.filter((entry) => !hasEnded(entry) && claims(entry, counter) > 0);
      return {
        claimed: selectClaimed.get([counter])?.claimed ?? 0,
        held: sum(live, counter),
        ended: sum(holds.filter(hasEnded), counter),
        nextExpiry: live.length === 0 ? null : Math.min(...live.map(({ holdUntil }) => holdUntil)),
      };
    }),
    entries: entries.map((key) => newest.find((entry) => entry.key === key) ?? null),
    expiredHolds: expiredHolds === null ? [] : holds
      .filter((entry) => hasEnded(entry) && entry.index.claims.some(({ counter }) => expiredHolds.counters?.includes(counter) ?? true))
      .sort((left, right) => left.holdUntil - right.holdUntil)
      .slice(0, expiredHolds.limit),
  };
}

export const capabilities = { atomicCommit: true, maxOperations: 1000, durability: "process" };

/** Whether each revision was free. */
export const INSERT = "INSERT INTO entries (key, revision, record) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
export const insertValues = (entry) => [entry.key, entry.revision, JSON.stringify(entry)];

/** Guard and write in one statement, on a missing row too. How many rows it changed is its answer. */
export const GUARDED_ADD =
  "INSERT INTO counters (name, claimed) SELECT ?1, ?2 WHERE ?2 BETWEEN 0 AND ?3 OR EXISTS (SELECT 1 FROM counters WHERE name = ?1) " +
  "ON CONFLICT (name) DO UPDATE SET claimed = claimed + ?2 WHERE claimed + ?2 BETWEEN 0 AND ?3";
export const addValues = ({ counter, delta, ceiling }) => [counter, delta, ceiling ?? Number.MAX_SAFE_INTEGER];
