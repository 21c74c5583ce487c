/**
 * Large arrays as Blobs. A record is cloned by the page's own thread, which took a third of a second for the checkpoint
 * of a large cohort; a Blob is made slice by slice, the page drawing in between, and is then stored as it is.
 */

/** Bytes from which an array is worth a Blob of its own. */
const LARGE = 1 << 18;
/** Bytes that are copied without a pause. */
const SLICE = 1 << 21;

const ARRAYS = {
  Float32Array,
  Float64Array,
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
} as const;

/** What stands in a stored record in place of a large array. */
interface Packed {
  packed: keyof typeof ARRAYS;
  blob: Blob;
}

function isPacked(value: object): value is Packed {
  return 'blob' in value && value.blob instanceof Blob && 'packed' in value && String(value.packed) in ARRAYS;
}

async function toBlob(view: ArrayBufferView<ArrayBuffer>): Promise<Blob> {
  const parts: Blob[] = [];
  for (let at = 0; at < view.byteLength; at += SLICE) {
    const length = Math.min(SLICE, view.byteLength - at);
    parts.push(new Blob([new Uint8Array(view.buffer, view.byteOffset + at, length)]));
    await new Promise((resolve) => setTimeout(resolve));
  }
  // Made of other Blobs, it copies nothing.
  return new Blob(parts);
}

/** The same plain data, but for what `change` makes of its objects; undefined leaves one to be walked through. */
async function walk(value: unknown, change: (value: object) => Promise<object | undefined>): Promise<unknown> {
  if (typeof value !== 'object' || value === null) return value;
  const changed = await change(value);
  if (changed !== undefined) return changed;
  if (Array.isArray(value)) {
    // Lists of numbers may be long, and have nothing inside.
    if (!value.some((inner) => typeof inner === 'object')) return value as unknown[];
    const list: unknown[] = [];
    for (const inner of value) list.push(await walk(inner, change));
    return list;
  }
  const record: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) record[key] = await walk(inner, change);
  return record;
}

/** Plain data and typed arrays, as they are to be stored. */
export function pack(value: unknown): Promise<unknown> {
  return walk(value, async (inner) => {
    if (!ArrayBuffer.isView(inner)) return undefined;
    const packed = inner.constructor.name;
    if (inner.byteLength < LARGE || !(packed in ARRAYS)) return inner;
    return { packed, blob: await toBlob(inner as ArrayBufferView<ArrayBuffer>) };
  });
}

/** What was packed, bit for bit. */
export function unpack(value: unknown): Promise<unknown> {
  return walk(value, async (inner) => {
    if (ArrayBuffer.isView(inner)) return inner;
    return isPacked(inner) ? new ARRAYS[inner.packed](await inner.blob.arrayBuffer()) : undefined;
  });
}
