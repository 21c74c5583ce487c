/** A text as a part of an address, and back: deflated and written in base64url (RFC 4648, section 5). */

/** Characters of the part of an address that is read at all. */
export const LONGEST_PAYLOAD = 64_000;
/** Bytes that it may become: a few kilobytes can be made to inflate to gigabytes. */
export const LARGEST_TEXT = 512_000;

/** Characters at a time: a call takes only so many arguments. */
const CHUNK = 8192;

function toBase64url(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += CHUNK) binary += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (each) => each.charCodeAt(0));
  } catch {
    return undefined; // A length that no bytes have.
  }
}

/** Everything that comes out of a transformation of some bytes; undefined where it fails or is more than `most`. */
async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
  most: number,
): Promise<Uint8Array | undefined> {
  const writer = stream.writable.getWriter();
  // What goes wrong is heard of on the reading side.
  writer.write(bytes).catch(() => undefined);
  writer.close().catch(() => undefined);
  const reader = stream.readable.getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      length += next.value.length;
      if (length > most) {
        reader.cancel().catch(() => undefined);
        return undefined;
      }
      parts.push(next.value);
    }
  } catch {
    return undefined;
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export async function payloadOf(text: string): Promise<string> {
  const packed = await through(new CompressionStream('deflate-raw'), new TextEncoder().encode(text), Infinity);
  if (!packed) throw new Error('The text could not be compressed.');
  return toBase64url(packed);
}

/** Undefined for what is damaged, too long, or inflates to too much. */
export async function textOf(payload: string): Promise<string | undefined> {
  if (payload.length > LONGEST_PAYLOAD) return undefined;
  const bytes = fromBase64url(payload);
  const text = bytes && (await through(new DecompressionStream('deflate-raw'), bytes, LARGEST_TEXT));
  return text && new TextDecoder().decode(text);
}
