/** A quote as the engine gives it, before the shim adds a text to every rejection. */
import assert from "node:assert/strict";

/** The same quote without the texts; each must have been there. */
export function withoutMessages(quote) {
  const codes = quote.codes.map((outcome) => ({
    ...outcome,
    rejection: outcome.rejection && bare(outcome.rejection),
    also: outcome.also.map(bare),
  }));
  return { ...quote, codes };
}

function bare({ message, ...rejection }) {
  assert.match(message, /\S/);
  return rejection;
}
