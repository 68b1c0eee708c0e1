/**
 * The zones of schedules: which ones definitions name, whether the platform knows them, their offsets at an instant.
 *
 * The engine knows no zones (semantics §17): where a schedule needs local time it is handed minutes. Must not judge
 * anything else of a definition; the engine does.
 */
import type { Plain, PlainObject } from "./boundary/snapshot.js";
import { isKnownZone, offsetMinutes, requireZone } from "./zones.js";

/** Of coupons, their codes and rules, as a request brings them. */
export function zonesOf({ coupons, rules }: PlainObject): ReadonlySet<string> {
  const zones = new Set<string>();
  for (const coupon of listIn(coupons)) {
    addZone(zones, coupon);
    for (const code of listIn(fieldIn(coupon, "codes"))) addZone(zones, code);
  }
  for (const rule of listIn(rules)) addZone(zones, rule);
  return zones;
}

/** Adds the offsets that the caller left out. What is no instant or no object is left for the engine to refuse. */
export function withOffsets(request: PlainObject, zones: ReadonlySet<string>): PlainObject {
  if (zones.size === 0) return request;
  const given = request["zones"] ?? {};
  if (typeof given !== "object" || Array.isArray(given)) return request;
  const missing = [...zones].filter((zone) => !Object.hasOwn(given, zone));
  if (missing.length > 0) request["zones"] = { ...offsetsOf(missing, request["now"]), ...(given as PlainObject) };
  return request;
}

/** Minutes at `now`; empty where that is no instant. Throws `invalid_value` at `zones["Mars/Olympus"]`. */
export function offsetsOf(zones: Iterable<string>, now: Plain | undefined): PlainObject {
  const instant = typeof now === "string" ? Date.parse(now) : now;
  const offsets: PlainObject = {};
  if (typeof instant !== "number" || Number.isNaN(new Date(instant).getTime())) return offsets;
  for (const zone of zones) offsets[zone] = offsetMinutes(zone, instant, pathOf(zone));
  return offsets;
}

/** The same for stored definitions: a zone this platform does not know must not stop the codes that do not need it. */
export function knownOffsetsOf(zones: readonly string[], now: Plain | undefined): PlainObject {
  return offsetsOf(zones.filter(isKnownZone), now);
}

function pathOf(zone: string): string {
  return /^[A-Za-z_]\w*$/.test(zone) ? `zones.${zone}` : `zones[${JSON.stringify(zone)}]`;
}

/** Refuses a definition, or a code of it, whose schedule is in a zone that the platform does not know. */
export function requireKnownZones(definition: PlainObject): void {
  requireKnownZone(definition, "");
  listIn(definition["codes"]).forEach((code, index) => requireKnownZone(code, `codes[${index}].`));
}

function requireKnownZone(definition: Plain, path: string): void {
  const zone = zoneIn(definition);
  if (typeof zone === "string") requireZone(zone, `${path}restrictions.schedule.zone`);
}

function addZone(zones: Set<string>, definition: Plain): void {
  const zone = zoneIn(definition);
  if (typeof zone === "string") zones.add(zone);
}

function zoneIn(definition: Plain): Plain | undefined {
  return fieldIn(fieldIn(fieldIn(definition, "restrictions"), "schedule"), "zone");
}

function listIn(value: Plain | undefined): readonly Plain[] {
  return Array.isArray(value) ? (value as readonly Plain[]) : [];
}

function fieldIn(value: Plain | undefined, name: string): Plain | undefined {
  return value === null || typeof value !== "object" ? undefined : (value as PlainObject)[name];
}
