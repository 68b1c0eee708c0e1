/**
 * A file that is there whole or not at all: written beside its place, moved into it when it is complete.
 *
 * Unused codes are as good as money, so only the file's owner may read it.
 */
import { open, rename, rm, stat } from "node:fs/promises";
import path from "node:path";

/** Throws at once where the file could not be put in its place. */
export async function openExport(target) {
  const place = path.resolve(target);
  const known = await stat(place).catch(() => null);
  if (known !== null && !known.isFile()) throw notWritable(place, "it exists and is not a file");
  const temporary = `${place}.${process.pid}.tmp`;
  const handle = await open(temporary, "wx", 0o600).catch((cause) => {
    throw notWritable(place, cause.message, cause);
  });
  let isOpen = true;
  const close = async () => {
    if (isOpen) await handle.close();
    isOpen = false;
  };

  return {
    path: place,
    async write(text) {
      await handle.writeFile(text);
    },
    async publish() {
      await handle.sync();
      await close();
      await rename(temporary, place);
    },
    /** Leaves what was in the place before. */
    async discard() {
      await close();
      await rm(temporary, { force: true });
    },
  };
}

function notWritable(place, reason, cause) {
  return Object.assign(new Error(`cannot write ${place}: ${reason}`, { cause }), { code: "not_writable" });
}
