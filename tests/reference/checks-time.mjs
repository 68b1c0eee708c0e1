/**
 * Owns the checks against the clock: not yet, no longer, not at this hour.
 * Must not read a clock: the instant comes with the request.
 */
import { rejection } from "./rejection.mjs";
import { isOpen, localTime, written } from "./schedule.mjs";

const A_DAY = 86_400_000;

export function notStarted({ levels, coupon, record }, { now }) {
  return levels.flatMap(({ name, restrictions }) => {
    if (name === "coupon" && overrides(coupon, record, ["startsAt"])) return [];
    const startsAt = instant(restrictions.startsAt);
    return startsAt !== null && startsAt > now ? [rejection("not_started", name, { startsAt })] : [];
  });
}

export function expired({ levels, coupon, record }, { now }) {
  return levels.flatMap(({ name, restrictions }) => {
    if (name === "coupon" && overrides(coupon, record, ["expiresAt", "validForDays"])) return [];
    const ends = [instant(restrictions.expiresAt), endOfDays(restrictions.validForDays, record, now)];
    const expiresAt = ends.filter((end) => end !== null).reduce((first, end) => Math.min(first, end), Infinity);
    return expiresAt < now ? [rejection("expired", name, { expiresAt })] : [];
  });
}

export function outsideSchedule({ levels }, { now, zones }) {
  return levels.flatMap(({ name, restrictions: { schedule } }) => {
    if (schedule == null) return [];
    const local = localTime(now, zones[schedule.zone]);
    if (isOpen(schedule.windows, local)) return [];
    return [rejection("outside_schedule", name, { zone: schedule.zone, localTime: written(local) })];
  });
}

export function instant(value) {
  if (value == null) return null;
  return typeof value === "number" ? value : Date.parse(value);
}

/** A code may have dates of its own in place of the coupon's. */
function overrides(coupon, record, dates) {
  return coupon.dates === "override" && dates.some((date) => record?.restrictions?.[date] != null);
}

/** Counted from the issue of the code. A definition in a request is as old as the request. */
function endOfDays(days, record, now) {
  return days == null ? null : (instant(record?.issuedAt) ?? now) + days * A_DAY;
}
