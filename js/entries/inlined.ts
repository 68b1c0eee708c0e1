/**
 * Turns the text inside the default entry back into the wasm: base64 around gzip.
 *
 * Compressed, because base64 of plain wasm is half as large again on the wire as the wasm itself.
 */

/** The decoder of newer engines, which the type library does not know yet. */
type NativeDecoder = { readonly fromBase64?: (text: string) => Uint8Array<ArrayBuffer> };

export async function inflate(text: string): Promise<ArrayBuffer> {
  const inflated = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(inflated).arrayBuffer();
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
