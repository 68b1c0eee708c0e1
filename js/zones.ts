/**
 * Local date and time of a zone → instant, and a zone's offset at an instant, by the platform's own rules (`Intl`).
 *
 * The engine knows instants only; a merchant's "until 25 May" becomes one here. Owns the two rules for times that do not
 * exist or exist twice (semantics §17): a time in a gap moves forward by the gap, and of two instants `start` takes the
 * earlier and `end` the later, so that a validity is never shorter than asked.
 */
import { CouponError } from "./errors.js";
import type { EpochMs } from "./types/money.js";

/**
 * `local` is `2025-10-30` or `2025-10-30T02:30[:ss[.sss]]`, `timeZone` an IANA zone. A date alone is its first
 * instant for `start` and its last millisecond for `end`, both inclusive, as `startsAt` and `expiresAt` are.
 *
 * Throws `invalid_value` with path `local`, `timeZone` or `edge`.
 */
export function instantOf(local: string, timeZone: string, edge: "start" | "end"): EpochMs {
  if (edge !== "start" && edge !== "end") throw invalid("edge", 'must be "start" or "end"');
  const { wall, isDate } = readLocal(local);
  const zone = zoneRules(timeZone);
  const asked = isDate && edge === "end" ? wall + DAY - 1 : wall;
  const before = zone.offsetAt(asked - DAY);
  const after = zone.offsetAt(asked + DAY);
  const instants = [asked - before, asked - after].filter((instant) => instant + zone.offsetAt(instant) === asked);
  if (instants.length > 0) return edge === "start" ? Math.min(...instants) : Math.max(...instants);
  if (!isDate) return asked - before;
  const gap = transitionBetween(asked - DAY, asked + DAY, zone);
  return edge === "start" ? gap : gap - 1;
}

/** Whole minutes that the zone's local time is ahead of UTC, rounded down. Throws `invalid_value` at `path`. */
export function offsetMinutes(timeZone: string, instant: EpochMs, path: string): number {
  return Math.floor(zoneRules(timeZone, path).offsetAt(instant) / MINUTE);
}

/** Whether the platform knows the zone. */
export function isKnownZone(timeZone: string): boolean {
  try {
    requireZone(timeZone, "timeZone");
    return true;
  } catch {
    return false;
  }
}

/** Throws `invalid_value` at `path` for a zone that the platform does not know. */
export function requireZone(timeZone: string, path: string): void {
  wallClock(timeZone, path);
}

const MINUTE = 60_000;
const DAY = 86_400_000;
const LOCAL = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?)?$/;

/** The local fields as if they were UTC, in milliseconds. */
function readLocal(local: string): { readonly wall: number; readonly isDate: boolean } {
  const fields = typeof local === "string" ? LOCAL.exec(local) : null;
  if (fields === null) throw invalid("local", "must be YYYY-MM-DD or YYYY-MM-DDThh:mm[:ss[.sss]]");
  const [, year, month, day, hour, minute, second = "00", fraction = ""] = fields;
  const text = `${year}-${month}-${day}T${hour ?? "00"}:${minute ?? "00"}:${second}.${fraction.padEnd(3, "0")}Z`;
  const wall = Date.parse(text);
  // `Date.parse` may carry 30 February over into March; a date that reads back differently does not exist.
  if (Number.isNaN(wall) || new Date(wall).toISOString() !== text) throw invalid("local", "is not a date or time of the calendar");
  return { wall, isDate: hour === undefined };
}

interface ZoneRules {
  /** Local time minus UTC at an instant, milliseconds. */
  offsetAt(instant: EpochMs): number;
}

function zoneRules(timeZone: string, path = "timeZone"): ZoneRules {
  const clock = wallClock(timeZone, path);
  return {
    offsetAt(instant) {
      const second = Math.floor(instant / 1000) * 1000;
      const part: Record<string, string> = {};
      for (const { type, value } of clock.formatToParts(second)) part[type] = value;
      const year = part["era"] === "BC" ? 1 - Number(part["year"]) : Number(part["year"]);
      const wall = new Date(0);
      wall.setUTCFullYear(year, Number(part["month"]) - 1, Number(part["day"]));
      wall.setUTCHours(Number(part["hour"]), Number(part["minute"]), Number(part["second"]));
      return wall.getTime() - second;
    },
  };
}

/** Making one takes longer than an evaluation, and a shop has few zones. */
const clocks = new Map<string, Intl.DateTimeFormat>();
const MAX_CLOCKS = 64;

function wallClock(timeZone: string, path: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const fields = { era: "short", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" } as const;
  let clock: Intl.DateTimeFormat;
  try {
    clock = new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", { ...fields, hourCycle: "h23", timeZone: String(timeZone) });
  } catch (cause) {
    throw new CouponError({ code: "invalid_value", message: "must be a time zone this platform knows", path, cause });
  }
  if (clocks.size === MAX_CLOCKS) clocks.clear();
  clocks.set(timeZone, clock);
  return clock;
}

/** The first instant with the later offset, given that the offset changes once between the two. */
function transitionBetween(from: EpochMs, to: EpochMs, zone: ZoneRules): EpochMs {
  const later = zone.offsetAt(to);
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (zone.offsetAt(middle) === later) high = middle;
    else low = middle;
  }
  return high;
}

function invalid(path: string, message: string): CouponError {
  return new CouponError({ code: "invalid_value", message, path });
}
