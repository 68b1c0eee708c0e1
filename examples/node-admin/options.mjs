/**
 * The command line. Owns what the script takes from it and its defaults; what makes a good coupon is the engine's to say.
 */
import { parseArgs } from "node:util";

const OPTIONS = {
  name: { type: "string", default: "Summer sale" },
  prefix: { type: "string", default: "SUMMER20" },
  percent: { type: "string", default: "20" },
  count: { type: "string", default: "500" },
  length: { type: "string", default: "auto" },
  out: { type: "string", default: "codes.txt" },
};

export function readOptions(parameters) {
  const { values, positionals } = parseArgs({ args: parameters, options: OPTIONS, allowPositionals: true });
  const [database = "./data/shop.sqlite", ...more] = positionals;
  if (more.length > 0) throw wrong(`takes one database, not also ${more.join(" ")}`);
  return {
    database,
    name: values.name,
    prefix: prefixOf(values.prefix),
    basisPoints: basisPointsOf(values.percent),
    count: wholeOf("count", values.count),
    length: values.length === "auto" ? "auto" : wholeOf("length", values.length),
    out: values.out,
  };
}

/** It is part of the coupon's id, which a wrong one must not be blamed on. */
function prefixOf(prefix) {
  if (!/^[a-z0-9][a-z0-9_-]{0,49}$/i.test(prefix)) throw wrong(`--prefix takes letters, digits, - and _, not ${prefix}`);
  return prefix.toUpperCase();
}

/** `12.5` is 1250 hundredths of a percent, digit by digit: no float has a part in it. */
function basisPointsOf(percent) {
  const [, whole, fraction = ""] = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(percent) ?? [];
  if (whole === undefined) throw wrong(`--percent takes a number with at most two decimals, not ${percent}`);
  return Number(whole) * 100 + Number(fraction.padEnd(2, "0"));
}

function wholeOf(option, value) {
  if (!/^\d{1,7}$/.test(value)) throw wrong(`--${option} takes a whole number, not ${value}`);
  return Number(value);
}

function wrong(message) {
  return Object.assign(new Error(message), { code: "wrong_option" });
}
