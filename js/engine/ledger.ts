/**
 * What the back office asks of the ledger and of its registry, `storage.redemptions`, with typed answers.
 *
 * Writes nothing that is a redemption: that is the engine's, by its operations.
 */
import { refusal } from "../boundary/fields.js";
import type { Plain } from "../boundary/snapshot.js";
import { writtenBatch } from "../commits.js";
import type { CounterTally, CounterView, Page, PageRequest, RedemptionQuery, UsageFacts, UsageQuery } from "../contract/storage.js";
import { CouponError } from "../errors.js";
import { ask, invalidAnswer } from "../host.js";
import type { RedemptionsMethod } from "../storage.js";
import type { Context, UnwrittenBatch } from "../wasm/exports.js";
import { countersIn, listIn, objectIn, pageIn, settingsIn, wholeIn } from "./answers.js";
import { entriesIn, entryIn, talliesIn, textsIn, usageIn, type ReadEntry } from "./ledger-answers.js";
import type { EngineParts } from "./options.js";

const READ = "storage.ledger.read";
const COMMIT = "storage.ledger.commit";

export class Ledger {
  readonly #parts: EngineParts;
  readonly #refuseClosed: () => void;

  constructor(parts: EngineParts, refuseClosed: () => void) {
    this.#parts = parts;
    this.#refuseClosed = refuseClosed;
  }

  now(): number {
    return this.#parts.now();
  }

  /** Whether the storage has `redemptions`. */
  get isListed(): boolean {
    return this.#parts.storage.redemptions !== undefined;
  }

  /** Whether it keeps what store credit is worth. */
  get carriesCredit(): boolean {
    return this.#parts.storage.carriesCredit;
  }

  /** By which the names of customers are made: the stored policy, else the engine's. */
  async context(): Promise<Context> {
    const path = "storage.catalog.find";
    const run = (): unknown => this.#parts.storage.find({ codes: [], couponIds: [], automatic: false });
    const { settings = null } = objectIn(await this.#send(path, run), path);
    const { policy, identityKey } = this.#parts;
    const shop = settings === null ? policy : (settingsIn(settings, `${path}.settings`).policy as unknown as Plain);
    return { now: this.now(), policy: shop, ...(identityKey !== undefined && { identityKey }) };
  }

  /** Aligned with `names`. */
  async counters(names: readonly string[]): Promise<readonly CounterView[]> {
    if (names.length === 0) return [];
    return countersIn(await this.#read({ counters: [...names] }), names.length, READ);
  }

  async entry(key: string): Promise<ReadEntry | null> {
    const entries = listIn(objectIn(await this.#read({ entries: [key] }), READ)["entries"], `${READ}.entries`);
    if (entries.length !== 1) throw invalidAnswer(`${READ}.entries`, "must be one entry or null, as many as were asked for");
    const [stored = null] = entries;
    if (stored === null) return null;
    const entry = entryIn(stored, `${READ}.entries[0]`);
    if (entry.key !== key) throw invalidAnswer(`${READ}.entries[0].key`, "must be the key that was asked for");
    return entry;
  }

  /** Keys of holds that ended, the longest ended first. */
  async endedHolds(limit: number): Promise<readonly string[]> {
    const view = objectIn(await this.#read({ expiredHolds: { counters: null, limit } }), READ);
    return entriesIn(listIn(view["expiredHolds"], `${READ}.expiredHolds`), `${READ}.expiredHolds`).map(({ key }) => key);
  }

  /** Whether it was written; `false`: its entry was there already. */
  async commit(unwritten: UnwrittenBatch): Promise<boolean> {
    const batch = writtenBatch(unwritten, this.#parts.storage);
    const { status } = objectIn(await this.#send(COMMIT, () => this.#parts.storage.commit(batch)), COMMIT);
    if (status === "committed" || status === "exists") return status === "committed";
    if (status === "busy") throw new CouponError({ code: "storage_busy", message: "another writer was in the way; nothing was written", path: COMMIT });
    throw invalidAnswer(`${COMMIT}.status`, "must be committed, exists or busy, of counters without a ceiling");
  }

  list(query: RedemptionQuery): Promise<Page<ReadEntry>> {
    return this.#page("list", query, entriesIn);
  }

  async history(key: string): Promise<readonly ReadEntry[]> {
    const path = pathOf("history");
    const entries = entriesIn(listIn(await this.#ask("history", key), path), path);
    entries.forEach((entry, index) => {
      if (entry.key !== key) throw invalidAnswer(`${path}[${index}].key`, "must be the key that was asked for");
    });
    return entries;
  }

  /** Aligned with `values`; `null` where the storage does not list redemptions. */
  async usage(kind: UsageQuery["kind"], values: readonly string[]): Promise<readonly UsageFacts[] | null> {
    if (!this.isListed) return null;
    if (values.length === 0) return [];
    return usageIn(await this.#ask("usage", { kind, values: [...values] }), values.length, pathOf("usage"));
  }

  tally(page: PageRequest): Promise<Page<CounterTally>> {
    return this.#page("tally", page, talliesIn);
  }

  async rekey(from: string, to: string): Promise<number> {
    return this.#counted("rekey", { from, to }, "entries");
  }

  async idleCustomers(before: number, limit: number): Promise<readonly string[]> {
    return textsIn(await this.#ask("idleCustomers", { before, limit }), pathOf("idleCustomers"));
  }

  async prune(before: number): Promise<number> {
    return this.#counted("prune", { before }, "counters");
  }

  async #counted(method: RedemptionsMethod, request: object, name: string): Promise<number> {
    const path = pathOf(method);
    return wholeIn(objectIn(await this.#ask(method, request), path)[name], 0, `${path}.${name}`);
  }

  async #page<T>(method: "list" | "tally", request: PageRequest, itemsIn: (items: readonly Plain[], path: string) => readonly T[]): Promise<Page<T>> {
    const answer = objectIn(await this.#ask(method, { ...request }), pathOf(method));
    if (request.after !== null && answer["unknownCursor"] === true) {
      throw refusal("invalid_value", "is not where a page of this list ended", "after");
    }
    const page = pageIn(answer, pathOf(method), itemsIn);
    // Whoever reads on from there would never come to an end.
    if (page.next !== null && page.next === request.after) throw invalidAnswer(`${pathOf(method)}.next`, "must move on");
    return page;
  }

  #read(wanted: { readonly counters?: string[]; readonly entries?: string[]; readonly expiredHolds?: { counters: null; limit: number } }): Promise<Plain> {
    const request = { at: this.now(), counters: [], entries: [], expiredHolds: null, ...wanted };
    return this.#send(READ, () => this.#parts.storage.read(request));
  }

  #ask(method: RedemptionsMethod, argument: unknown): Promise<Plain> {
    const { redemptions } = this.#parts.storage;
    if (redemptions === undefined) throw refusal("not_supported", "is required for this call", "storage.redemptions");
    return this.#send(pathOf(method), () => redemptions[method](argument));
  }

  async #send(path: string, run: () => unknown): Promise<Plain> {
    this.#refuseClosed();
    return ask({ path, run }, { timeoutMs: this.#parts.timeoutMs, signal: undefined });
  }
}

function pathOf(method: RedemptionsMethod): string {
  return `storage.redemptions.${method}`;
}
