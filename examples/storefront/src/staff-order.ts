/**
 * The page of one order, for the shop's staff: what happened to it, and giving back part of it or all. Every amount is
 * asked of the shop before anything is given back.
 */
import { fetchStaffOrder, previewRefund, refundPart, takeBack } from "./api.js";
import type { GivenBack, OrderLine, RefundChoice, StaffOrder } from "./api.js";
import { stateWord, timeText } from "./checkout-words.js";
import { moneyText } from "./money.js";
import { busy, found, made, write } from "./view/dom.js";
import { meterElement } from "./view/meter.js";
import { linesOf, totalsOf } from "./view/order-summary.js";
import type { Refund } from "coupon-engine";

const id = new URLSearchParams(location.search).get("order") ?? "";
const say = (text: string, tone = "wait"): void => {
  found("#message").dataset["tone"] = tone;
  write(found("#message"), text);
};
let current: StaffOrder | null = null;
let asking = new AbortController();

await reload().catch(() => write(found("#title"), "There is no such order, or the shop could not be reached"));
listen();

async function reload(): Promise<void> {
  const order = await fetchStaffOrder(id);
  current = order;
  write(found("#title"), `Order ${order.number}`);
  document.title = `Order ${order.number}, Delta Supply`;
  document.body.dataset["state"] = order.state;
  found("#badge").dataset["state"] = order.state;
  write(found("#badge"), stateWord({ ...order, refunded: order.refunded.amount }));
  write(found("#who"), order.email ?? "no e-mail");
  found("#summary").replaceChildren(linesOf(order), totalsOf(order));
  found("#meters").replaceChildren(...order.usage.filter(({ meters }) => meters.length > 0).map((coupon) =>
    made("div", { class: "used", "data-coupon": coupon.couponId }, made("h3", {}, coupon.name), ...coupon.meters.map((meter) => meterElement(meter, order.currency)))));
  showHistory(order);
  await offerReturns(order);
}

function showHistory({ history, currency }: StaffOrder): void {
  found("#history").replaceChildren(...history.map((revision, place) => {
    const before = history[place - 1];
    const back = Number(revision.refunded) - Number(before?.refunded ?? 0);
    const isFirst = revision.state !== before?.state;
    const word = revision.state === "held" ? (isFirst ? "Went to payment" : "Changed the cart")
      : revision.state === "redeemed" && back > 0 ? "Partly refunded" : stateWord({ ...revision, refunded: 0 });
    const amount = back > 0 ? moneyText(back, currency) : moneyText(revision.total, currency);
    return made("li", { "data-state": back > 0 && revision.state === "redeemed" ? "refund" : revision.state },
      made("strong", {}, word), " ", made("span", {}, amount), made("span", { class: "quiet" }, timeText(revision.at)));
  }));
}

async function offerReturns(order: StaffOrder): Promise<void> {
  const isPaid = order.state === "redeemed";
  found("#back").hidden = !isPaid;
  if (!isPaid) return;
  found("#returns").replaceChildren(...order.lines.map(returnElement));
  found<HTMLInputElement>("#shipping").checked = false;
  found("#return-shipping").hidden = order.refunded.shipping || Number(order.totals.shipping) === 0;
  const [rest] = await Promise.all([previewRefund({ order: id }), preview()]);
  write(found("#whole-text"), `${moneyText(rest.amount, rest.currency)} has not come back yet${waysText(rest)}.`);
}

function returnElement({ id: line, name, quantity, returned }: OrderLine): HTMLElement {
  const left = quantity - returned;
  const input = made("input", { type: "number", min: "0", max: String(left), step: "1", value: "0", inputmode: "numeric", "aria-label": `Units of ${name} that come back`, "data-return": line });
  input.disabled = left === 0;
  return made("li", {}, made("span", {}, name), made("span", { class: "quiet" }, `of ${left}`), input);
}

/** `null` while nothing is chosen, or something that cannot be. */
function chosen(): Required<RefundChoice> | null {
  const inputs = [...document.querySelectorAll<HTMLInputElement>("[data-return]")];
  const lines = inputs.map((input) => ({ lineId: input.dataset["return"] ?? "", quantity: Number(input.value) })).filter(({ quantity }) => quantity > 0);
  const shipping = found<HTMLInputElement>("#shipping").checked;
  const isPossible = inputs.every((input) => input.checkValidity());
  return isPossible && (lines.length > 0 || shipping) ? { order: id, lines, shipping } : null;
}

async function preview(): Promise<void> {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const choice = chosen();
  const button = found("#refund-part");
  button.setAttribute("aria-disabled", String(choice === null));
  if (choice === null) {
    found("#preview").replaceChildren();
    return write(button, "Choose what comes back");
  }
  const refund = await previewRefund(choice, signal);
  if (signal.aborted) return;
  found("#preview").replaceChildren(...rowsOf(refund).map(([name, label, amount]) =>
    made("div", { "data-preview": name, class: name === "amount" ? "totals-sum" : "" }, made("dt", {}, label), made("dd", {}, moneyText(amount, refund.currency)))));
  write(button, `Refund ${moneyText(refund.amount, refund.currency)}`);
}

function rowsOf(refund: Refund): readonly (readonly [string, string, Refund["amount"]])[] {
  const nameOf = (line: string): string => current?.lines.find((one) => one.id === line)?.name ?? line;
  return [
    ...refund.lines.map(({ lineId, quantity, amount }) => [`line-${lineId}`, `${nameOf(lineId)} × ${quantity}`, amount] as const),
    ...(Number(refund.shipping) > 0 ? [["shipping", "Shipping", refund.shipping] as const] : []),
    ["amount", "Together", refund.amount],
    ...refund.credits.map(({ amount }) => ["credit", "to store credit", amount] as const),
    ["payment", "by the way of payment", refund.payment],
    ["remaining", "left of the order after it", refund.remaining],
  ];
}

function waysText({ credits, currency }: Refund): string {
  const credit = credits.reduce((sum, { amount }) => sum + Number(amount), 0);
  return credit === 0 ? "" : `, ${moneyText(credit, currency)} of it to store credit`;
}

function listen(): void {
  const form = found("#refund");
  form.addEventListener("input", () => {
    preview().catch((error: unknown) => asking.signal.aborted || say(error instanceof Error ? error.message : "Something went wrong."));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(found("#refund-part"), async () => {
      const choice = chosen();
      if (choice === null || current === null) return say("Choose units that can come back, or shipping.");
      await done(refundPart(choice, current.refunded.count + 1));
    }, say);
  });
  for (const how of ["cancel", "refund-all"] as const) {
    const button = found(`#${how}`);
    button.addEventListener("click", () => busy(button, () => done(takeBack(how, id)), say));
  }
}

async function done(call: Promise<GivenBack>): Promise<void> {
  try {
    const { refused, refund } = await call;
    if (refused !== null || refund === null) say("That was done already.");
    else say(`${moneyText(refund.amount, refund.currency)} given back.`, "good");
  } finally {
    // Also where it was refused: what stands there may be old.
    await reload();
    found("#title").focus();
  }
}
