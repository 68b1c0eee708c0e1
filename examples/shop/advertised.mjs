/**
 * The mark of what is advertised to everyone, and may therefore be sent to a browser. Nothing is public without it.
 */

/** The metadata of such a coupon or rule. */
export const advertised = { audience: "everyone" };
