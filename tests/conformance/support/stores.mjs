/**
 * The stores under test, each opened by a plain description that goes to another process as it is. Owns no data.
 */
import { entry } from "./package.mjs";

export async function openStore({ kind, ...options }) {
  if (kind === "memory") return (await entry("stores/memory")).memoryStorage();
  if (kind === "sqlite") return (await entry("stores/sqlite")).sqliteStorage(options);
  return (await entry("stores/postgres")).postgresStorage(options);
}
