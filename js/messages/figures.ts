/**
 * The figures that the texts of reasons may name. It must not decide which of them a caller may see: the engine has.
 */
import type { Rejection, RejectionDetails } from "../types/quote.js";
import type { Untold } from "../wasm/exports.js";
import type { Formats } from "./formats.js";
import type { Figure, FigureOf } from "./template.js";

/** A refusal, and where it stands in the answer. */
export interface Refusal {
  readonly rejection: Untold<Rejection>;
  /** Canonical; never what was typed. */
  readonly code: string | null;
  readonly source: "code" | "automatic";
  /** The cart's, where the answer says it. */
  readonly currency: string | undefined;
}

export const isRejectionFigure = (name: string): boolean => Object.hasOwn(FIGURES, name);

export function rejectionFigures(refusal: Refusal, formats: Formats): FigureOf {
  return (name) => FIGURES[name as keyof typeof FIGURES](refusal.rejection.details, formats, refusal);
}

type Reader = (details: RejectionDetails, formats: Formats, refusal: Refusal) => Figure | undefined;
type Name = Exclude<keyof RejectionDetails, "text"> | "code" | "level" | "source" | "shortfallQuantity";

const FIGURES: Readonly<Record<Name, Reader>> = {
  code: (_details, _formats, { code }) => code ?? undefined,
  level: (_details, _formats, { rejection }) => rejection.level,
  source: (_details, _formats, { source }) => source,
  startsAt: instantOf("startsAt"),
  expiresAt: instantOf("expiresAt"),
  nextExpiry: instantOf("nextExpiry"),
  limit: redemptionsOrBalance("limit"),
  used: redemptionsOrBalance("used"),
  held: redemptionsOrBalance("held"),
  priorOrders: wholeOf("priorOrders"),
  max: wholeOf("max"),
  requiredQuantity: wholeOf("requiredQuantity"),
  actualQuantity: wholeOf("actualQuantity"),
  shortfallQuantity: ({ requiredQuantity: required, actualQuantity: actual }, formats) =>
    required === undefined || actual === undefined ? undefined : formats.whole(required - actual),
  required: moneyOf("required"),
  actual: moneyOf("actual"),
  shortfall: moneyOf("shortfall"),
  accepted: listOf("accepted"),
  allowed: choiceOf("allowed"),
  coupons: choiceOf("coupons"),
  missing: listOf("missing"),
  with: listOf("with"),
  per: (details) => details.per,
  kind: (details) => details.kind,
  currency: (details) => details.currency,
  category: (details) => details.category,
  ruleId: (details) => details.ruleId,
  field: (details) => details.field,
  scope: (details) => details.scope,
  zone: (details) => details.zone,
  localTime: ({ localTime }, formats) => (localTime === undefined ? undefined : formats.weekTime(localTime)),
  cartEmpty: ({ cartEmpty }) => (cartEmpty === undefined ? undefined : String(cartEmpty)),
};

function instantOf(name: "startsAt" | "expiresAt" | "nextExpiry"): Reader {
  return ({ [name]: value }, formats) => (value == null ? undefined : formats.instant(value));
}

function wholeOf(name: "limit" | "used" | "held" | "priorOrders" | "max" | "requiredQuantity" | "actualQuantity"): Reader {
  return ({ [name]: value }, formats) => (value === undefined ? undefined : formats.whole(value));
}

function moneyOf(name: "required" | "actual" | "shortfall" | "limit" | "used" | "held"): Reader {
  return (details, formats, refusal) => {
    const { [name]: value, currency = refusal.currency } = details;
    return value === undefined || currency === undefined ? undefined : formats.money(value, currency);
  };
}

/** Also where the currency is kept back. */
const MONEY: ReadonlySet<string> = new Set(["balance_exhausted", "budget_exhausted"]);

/** Of a balance or a budget money, told by its currency; of every other limit a count. */
function redemptionsOrBalance(name: "limit" | "used" | "held"): Reader {
  const [money, count] = [moneyOf(name), wholeOf(name)];
  return (details, formats, refusal) => {
    const isBalance = details.currency !== undefined || MONEY.has(refusal.rejection.code);
    return (isBalance ? money : count)(details, formats, refusal);
  };
}

function listOf(name: "accepted" | "missing" | "with"): Reader {
  return ({ [name]: values }, formats) => (values?.length ? formats.list(values) : undefined);
}

/** Of which one is enough. */
function choiceOf(name: "allowed" | "coupons"): Reader {
  return ({ [name]: values }, formats) => (values?.length ? formats.choice(values) : undefined);
}
