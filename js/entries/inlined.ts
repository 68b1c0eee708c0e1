/**
 * Turns the text inside the default entry back into the wasm: base64 around gzip.
 *
 * Compressed, because base64 of plain wasm is half as large again on the wire as the wasm itself.
 */

/** The decoder of newer engines, which the type library does not know yet. */
type NativeDecoder = { readonly fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };

/** By the stream's own ends: a `Response` around it would take Node longer to load than all the rest. */
export async function inflate(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const { readable, writable } = new DecompressionStream("gzip");
  const writer = writable.getWriter();
  const written = Promise.all([writer.write(bytesOf(text)), writer.close()]);
  const [chunks] = await Promise.all([chunksOf(readable), written]);
  return joined(chunks);
}

async function chunksOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    chunks.push(part.value);
  }
  return chunks;
}

function joined(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** A loop, because `Uint8Array.from(text, callback)` takes fifty times as long on a text of this size. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const native = Uint8Array as NativeDecoder;
  if (native.fromBase64 !== undefined) {
    return native.fromBase64(text);
  }
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) {
    bytes[index] = binary.charCodeAt(index);
  }
  return bytes;
}
