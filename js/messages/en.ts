/**
 * The English texts of every reason: one for the customer, one for staff. A starting point for translations.
 *
 * `{name}` is a figure of the reason (`format.ts` says which). In `[a|b]`, `a` is left out when one of its figures is
 * kept back, and `b`, if any, stands in.
 */
import type { ReasonCode } from "../types/quote.js";

export interface MessageTexts {
  readonly customer: Readonly<Record<ReasonCode, string>>;
  readonly staff: Readonly<Record<ReasonCode, string>>;
}

export const englishMessages: MessageTexts = {
  customer: {
    malformed: "This is not a valid code.",
    not_found: "This code is not valid.",
    archived: "This code is no longer available.",
    inactive: "This code is not available at the moment.",
    no_discount_linked: "This code is not available yet.",
    not_started: "This code is not valid yet[; it starts on {startsAt}].",
    expired: "This code has expired.",
    limit_reached: "This code has been used up.",
    reserved_elsewhere: "This code is being used in another order. Please try again later.",
    codes_not_allowed: "Codes cannot be used in this order.",
    customer_required: "Sign in or enter your e-mail address to use this code.",
    customer_not_allowed: "This code is not available for your account.",
    not_first_order: "This code is for first orders only.",
    customer_limit_reached: "You have used this code as often as it allows.",
    currency_mismatch: "This code cannot be used with [{currency}|this currency].",
    no_eligible_items: "Nothing in your cart qualifies for this code.",
    minimum_not_met: "Add [{shortfall} |]more to use this code.",
    already_applied: "This code has already been applied.",
    not_combinable: "This code cannot be combined with [{with}|the other codes].",
    superseded_by_better: "A better offer is already applied[: {with}].",
    stopped_by_previous: "Another code in this order allows no further codes[: {with}].",
    too_many_codes: "This order already has as many codes as it may[ ({max})].",
    no_effect: "This code does not lower the price of this cart.",
    not_applicable: "This code cannot be applied.",
  },
  staff: {
    malformed: "The text cannot be a code.",
    not_found: "No such code exists[: {code}].",
    archived: "The {level} is archived.",
    inactive: "The {level} is inactive.",
    no_discount_linked: "The coupon is a draft: it has no discount.",
    not_started: "The {level} starts[ on {startsAt}| later].",
    expired: "The {level} has expired[ on {expiresAt}].",
    limit_reached: "The limit of the {level} is reached[: {used} of {limit} used].",
    reserved_elsewhere: "What is left of the {level}'s limit[ of {limit}] is held by other orders[ ({held} held)][, until {nextExpiry} at the earliest].",
    codes_not_allowed: "The request does not allow codes to be entered.",
    customer_required: "The {level} needs to know the customer, and the request names none.",
    customer_not_allowed: "The {level} is for other customers.",
    not_first_order: "The customer has earlier orders[: {priorOrders}].",
    customer_limit_reached: "The customer's limit of the {level} is reached[: {used} of {limit} used][, by {kind}].",
    currency_mismatch: "The coupon has no amount in [{currency}|the cart's currency][; it has {accepted}].",
    no_eligible_items: "No line of the cart is eligible.",
    minimum_not_met: "The minimum of the {level} is not met[: {actual} of {required}, {shortfall} short].",
    already_applied: "The code is in the request already.",
    not_combinable: "The coupon does not combine with [{with}|another one].",
    superseded_by_better: "[{with}|Another coupon] takes more off.",
    stopped_by_previous: "[{with}|A coupon before it] allows no further coupons.",
    too_many_codes: "More codes than the policy allows[: {max}].",
    no_effect: "It takes nothing off this cart.",
    not_applicable: "The code cannot be applied; the disclosure keeps the reason back.",
  },
};
