/**
 * One visit: the cart, its codes, and the latest answer to both. Every change is previewed at once where that is
 * possible and asked of the shop; the shop's answer replaces the preview, whatever it says.
 *
 * Owns what is kept and what is dropped. Must not compute a price, and must not touch the page.
 */
import type { CodeOutcome } from "coupon-engine";
import { ShopError } from "./api.js";
import type { CheckoutRequest, HeldCode, QuoteRequest, ShopQuote } from "./api.js";
import { changesInWords } from "./changes.js";
import type { Announcement, StateByCode } from "./changes.js";
import type { Previewer } from "./preview.js";
import type { SavedCart } from "./saved-cart.js";
import { isSetAside } from "./set-aside.js";

/** Where the figures shown come from; `waiting`: they are those of the answer before. */
export type Source = "server" | "preview" | "waiting" | "failed";

export interface Visit {
  readonly quantities: ReadonlyMap<string, number>;
  readonly codes: readonly ShownCode[];
  /** Codes the shop refused: shown until the next one is entered, but no longer part of the cart. */
  readonly refused: readonly CodeOutcome[];
  readonly quote: ShopQuote | null;
  readonly source: Source;
  /** `null`: nothing new, what was said before still holds. */
  readonly announcement: Announcement | null;
}

export interface ShownCode {
  readonly code: string;
  /** `null` until there is an answer about it. */
  readonly outcome: CodeOutcome | null;
}

export interface SessionParts {
  readonly cart: SavedCart;
  readonly ask: (request: QuoteRequest, signal: AbortSignal) => Promise<ShopQuote>;
  /** The order that has got as far as the payment; `null` before. */
  readonly order: () => string | null;
  readonly save: (cart: SavedCart) => void;
  readonly show: (visit: Visit) => void;
}

/** Takes back what was said: the cart it was said about has changed. */
const SILENCE: Announcement = { tone: "quiet", text: "" };

export class Session {
  readonly #parts: SessionParts;
  readonly #quantities: Map<string, number>;
  #codes: readonly HeldCode[];
  #email: string;
  #previewer: Previewer | null = null;
  /** Aligned with `#codes` by canonical text: the state the shop last gave each. */
  #states: StateByCode = new Map();
  /** The automatic rules that the shop's last answer applied. */
  #applying: ReadonlySet<string> | null = null;
  #outcomes: readonly (CodeOutcome | null)[] = [];
  #refused: readonly CodeOutcome[] = [];
  #quote: ShopQuote | null = null;
  #announcement: Announcement | null = null;
  #source: Source = "waiting";
  #asking = new AbortController();

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#quantities = new Map(parts.cart.quantities);
    this.#codes = parts.cart.codes;
    this.#email = parts.cart.email;
    // What was saved is not news; only its refusal is.
    this.#states = new Map(this.#codes.map(({ code }) => [code, "saved"]));
  }

  setQuantity(productId: string, quantity: number): void {
    if (quantity >= 1) this.#quantities.set(productId, Math.min(99, quantity));
    else this.#quantities.delete(productId);
    this.#announcement = SILENCE;
    this.refresh();
  }

  quantityOf(productId: string): number {
    return this.#quantities.get(productId) ?? 0;
  }

  addCode(code: string, origin: HeldCode["origin"]): void {
    this.#refused = [];
    this.#announcement = SILENCE;
    this.#codes = [...this.#codes, { code, origin }];
    this.#outcomes = [...this.#outcomes, null];
    this.refresh();
  }

  removeCode(code: string): void {
    const at = this.#codes.findIndex((held) => held.code === code);
    this.#refused = this.#refused.filter((refused) => refused.code !== code);
    this.#codes = this.#codes.filter((_, index) => index !== at);
    this.#outcomes = this.#outcomes.filter((_, index) => index !== at);
    this.#announcement = { tone: "quiet", text: `${code} removed.` };
    this.refresh();
  }

  setEmail(email: string): void {
    this.#email = email;
    this.#announcement = SILENCE;
    this.refresh();
  }

  /** Another cart in place of this one. */
  replace({ quantities, codes, email }: SavedCart): void {
    this.#quantities.clear();
    for (const [id, quantity] of quantities) this.#quantities.set(id, quantity);
    this.#codes = codes;
    this.#outcomes = [];
    this.#states = new Map();
    this.#applying = new Set();
    this.#refused = [];
    this.#email = email;
    this.#announcement = SILENCE;
    this.refresh();
  }

  setPreviewer(previewer: Previewer): void {
    this.#previewer = previewer;
  }

  /** Asks again about the cart as it is. An answer that is still under way is for a cart that is gone. */
  refresh(): void {
    this.#parts.save({ quantities: this.#quantities, codes: this.#codes, email: this.#email });
    this.#asking.abort();
    const asking = new AbortController();
    this.#asking = asking;
    const request = this.#request();
    const preview = this.#preview(request);
    if (preview !== null) {
      this.#quote = preview;
      this.#outcomes = preview.codes;
    }
    this.#show(preview === null ? "waiting" : "preview");
    this.#parts.ask(request, asking.signal).then(
      (quote) => this.#settle(quote, asking.signal),
      (error: unknown) => this.#fail(error, asking.signal),
    );
  }

  #request(): QuoteRequest {
    const lines = [...this.#quantities].map(([productId, quantity]) => ({ productId, quantity }));
    const order = this.#parts.order();
    return { lines, codes: this.#codes, ...(this.#email === "" ? {} : { email: this.#email }), ...(order === null ? {} : { order }) };
  }

  /** What the customer sees and may pay, with the codes that are in the total; `null` while it is not the shop's word. */
  agreed(): Omit<CheckoutRequest, "order"> | null {
    if (this.#source !== "server" || this.#quote === null || this.#quantities.size === 0) return null;
    const { order: _, ...request } = this.#request();
    const codes = this.#codes.filter((_code, index) => this.#outcomes[index]?.state === "applied");
    return { ...request, codes, fingerprint: this.#quote.fingerprint };
  }

  /** Whatever goes wrong with a preview, the shop's answer is on its way. */
  #preview(request: QuoteRequest): ShopQuote | null {
    try {
      return this.#previewer?.quote(request) ?? null;
    } catch (error) {
      console.warn("no preview", error);
      return null;
    }
  }

  #settle(quote: ShopQuote, signal: AbortSignal): void {
    if (signal.aborted) return;
    const kept = quote.codes.filter((outcome) => outcome.state !== "rejected" || isSetAside(outcome, quote));
    const keptCodes = new Set(kept.map(({ code }) => code));
    const named = quote.codes.map((outcome) => ({ ...outcome, code: outcome.code ?? this.#codes[outcome.index]?.code ?? "" }));
    const changes = changesInWords(named, { states: this.#states, automatic: this.#applying }, quote);
    if (changes !== null) this.#announcement = changes;
    // A code given twice stands there already.
    const refused = named.filter(({ state, code }) => state === "rejected" && !keptCodes.has(code));
    this.#refused = [...this.#refused, ...refused];
    this.#codes = kept.map(({ index, code }) => ({ code: code ?? "", origin: this.#codes[index]?.origin ?? "typed" }));
    this.#outcomes = kept;
    this.#states = new Map(kept.map(({ code, state }) => [code ?? "", state]));
    this.#applying = new Set(quote.automatic.flatMap(({ ruleId, state }) => (state === "applied" ? ruleId : [])));
    this.#quote = quote;
    this.#parts.save({ quantities: this.#quantities, codes: this.#codes, email: this.#email });
    this.#show("server");
  }

  #fail(error: unknown, signal: AbortSignal): void {
    if (signal.aborted) return;
    const text = error instanceof ShopError ? error.message : "Something went wrong.";
    this.#announcement = { tone: "bad", text };
    this.#show("failed");
  }

  /** The shop's terms are others now: whatever becomes of the codes is news. */
  startAfresh(): void {
    this.#states = new Map();
    this.#announcement = SILENCE;
    this.refresh();
  }

  /** The same again: the page knows more about it than before. */
  redraw(): void {
    this.#show(this.#source);
  }

  #show(source: Source): void {
    this.#source = source;
    this.#parts.show({
      quantities: this.#quantities,
      codes: this.#codes.map(({ code }, index) => ({ code, outcome: this.#outcomes[index] ?? null })),
      refused: this.#refused,
      quote: this.#quote,
      source,
      announcement: this.#announcement,
    });
    this.#announcement = null;
  }
}
