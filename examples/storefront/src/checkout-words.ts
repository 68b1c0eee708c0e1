/**
 * What the shop says of a purchase, in sentences. Plain text, no page.
 */
import type { OrderView, RefusedCheckout } from "./api.js";
import { moneyText } from "./money.js";

const MINUTE_MS = 60_000;

/** `shown`: the total that the customer had before their eyes. */
export function refusalText({ reason, codes, total }: RefusedCheckout, shown: string, currency: string): string {
  if (reason === "codes_refused") {
    return `${codes.map(({ code, message }) => `${code}: ${message}`).join(" ")} Go on without it, or try again later.`;
  }
  return `The total has changed: it is ${moneyText(total, currency)} now, it was ${shown}. Look it over and go to payment again.`;
}

/** Rounded up, so that it never says 0. */
export function minutesText(milliseconds: number): string {
  const minutes = Math.max(1, Math.ceil(milliseconds / MINUTE_MS));
  return minutes === 1 ? "1 minute" : `${minutes} minutes`;
}

/** `14:32`. */
export function clockText(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function timeText(instant: number): string {
  return new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" }).format(instant);
}

type Standing = Pick<OrderView, "state" | "reason"> & { readonly refunded: unknown };

/** One or two words for a list. */
export function stateWord({ state, reason, refunded }: Standing): string {
  switch (state) {
    case "held": return "Being paid";
    case "expired": return "Time over";
    case "released": return reason === "payment failed" ? "Payment failed" : "Left";
    case "rolled_back": return reason === "refunded" ? "Refunded" : "Cancelled";
    case "redeemed": return String(refunded) === "0" ? "Paid" : "Partly refunded";
  }
}

export interface Headline {
  readonly title: string;
  readonly lead: string;
}

export function headline(order: OrderView): Headline {
  const back = moneyText(order.refunded.amount, order.currency);
  switch (order.state) {
    case "held":
      return { title: "Payment", lead: "A pretend one: you choose how it ends. What your codes need is held for you meanwhile." };
    case "expired":
      return { title: "The time to pay is over", lead: "Others may have what was held for you. If nobody took it, you can still pay." };
    case "released":
      return order.reason === "payment failed"
        ? { title: "The payment failed", lead: "Nothing was taken. Your codes are free for others until you try again." }
        : { title: "Not paid", lead: "You left the payment. Nothing was taken, and nothing is held for you." };
    case "redeemed":
      return order.refunded.count === 0
        ? { title: "Paid. Thank you!", lead: "Nothing was sold and nothing will be sent; but the codes are used." }
        : { title: "Paid, and partly refunded", lead: `${back} has been given back.` };
    case "rolled_back":
      return { title: order.reason === "refunded" ? "Refunded" : "Cancelled", lead: `${back} has been given back.` };
  }
}
