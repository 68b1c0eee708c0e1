/**
 * From the cart to the payment: the button, why it cannot go on, and the order that waits already.
 */
import { beginPayment, endPayment } from "../api.js";
import { minutesText, refusalText } from "../checkout-words.js";
import { beginOrder, orderUnderWay, orderUrl } from "../order-id.js";
import type { Session, Visit } from "../session.js";
import { busy, found, write } from "./dom.js";

export function createCheckout(session: Session, currency: string): (visit: Visit) => void {
  const button = found<HTMLButtonElement>("#checkout");
  const message = found("#checkout-message");
  const say = (text: string): void => write(message, text);

  button.addEventListener("click", () => busy(button, async () => {
    const agreed = session.agreed();
    if (agreed === null) return say(isEmpty() ? "Nothing is in the cart yet." : "The shop is still checking the total. Press again in a moment.");
    say("");
    const shown = found("#total-total").textContent ?? "";
    const order = beginOrder();
    const answer = await beginPayment({ ...agreed, order });
    if (answer.status !== "refused") return location.assign(orderUrl(order));
    say(refusalText(answer, shown, currency));
    session.refresh();
  }, say));

  const leave = found<HTMLButtonElement>("#pending-leave");
  leave.addEventListener("click", () => busy(leave, async () => {
    const order = orderUnderWay();
    if (order !== null) await endPayment("leave", order);
    say("Nothing is held for you any more.");
    button.focus();
    session.refresh();
  }, say));

  return ({ quote, source, announcement }) => {
    // The cart has changed, and with it what was said about it.
    if (source !== "server" && announcement !== null) say("");
    button.setAttribute("aria-disabled", String(session.agreed() === null));
    if (source !== "server") return;
    const pending = quote?.pending ?? null;
    const isHeld = pending?.state === "held";
    found("#pending").hidden = !isHeld;
    if (!isHeld) return;
    write(found("#pending-text"), `Held for you while you pay, for ${minutesText(pending.heldFor)} more. Change the cart as you like.`);
    found<HTMLAnchorElement>("#pending-pay").href = orderUrl(orderUnderWay() ?? "");
  };
}

function isEmpty(): boolean {
  return found("#lines").childElementCount === 0;
}
