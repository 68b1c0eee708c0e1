/** A quote as the engine gives it, before the shim adds a text to every rejection and every step of the trace. */
import assert from "node:assert/strict";

/** The same quote without the texts; each must have been there. */
export function withoutMessages(quote) {
  const untold = { ...quote, codes: quote.codes.map(untoldOutcome), automatic: quote.automatic.map(untoldOutcome) };
  if (quote.trace !== undefined) untold.trace = quote.trace.map(untoldStep);
  return untold;
}

function untoldOutcome(outcome) {
  return { ...outcome, rejection: outcome.rejection && bare(outcome.rejection), also: outcome.also.map(bare) };
}

function untoldStep({ text, ...step }) {
  assert.match(text, /\S/);
  return step;
}

function bare({ message, ...rejection }) {
  assert.match(message, /\S/);
  return rejection;
}
