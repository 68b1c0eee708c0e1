/**
 * Decimals of currencies (ISO 4217) and percentages, for texts only. The engine computes in minor units and has its own
 * table.
 */
const EXPONENTS: ReadonlyMap<string, number> = new Map([
  ..."BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ").map((code) => [code, 0] as const),
  ..."BHD IQD JOD KWD LYD OMR TND".split(" ").map((code) => [code, 3] as const),
  ..."CLF UYW".split(" ").map((code) => [code, 4] as const),
]);

export function exponentOf(currency: string): number {
  return EXPONENTS.get(currency) ?? 2;
}

/** 1250 of a currency with three decimals is `"1.250"`; exact at any size. */
export function decimalOf(minor: number | string, exponent: number, point = "."): string {
  const digits = BigInt(minor).toString();
  const [sign, magnitude] = digits.startsWith("-") ? ["-", digits.slice(1)] : ["", digits];
  if (exponent === 0) return sign + magnitude;
  const padded = magnitude.padStart(exponent + 1, "0");
  return `${sign}${padded.slice(0, -exponent)}${point}${padded.slice(-exponent)}`;
}

/** `20`, `12.5`, `0.01`: up to two decimals, no trailing zeros. */
export function percentOf(basisPoints: number, point: string): string {
  return decimalOf(basisPoints, 2).replace(/\.?0+$/, "").replace(".", point);
}
