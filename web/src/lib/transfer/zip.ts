/** A zip of files as they are, not compressed: how a whole folder, with its paths, goes to the server as one. (APPNOTE 6.3.10) */
export interface ZipEntry {
  /** With `/` between folders. */
  readonly path: string;
  readonly blob: Blob;
}

const LOCAL_HEAD = 0x04034b50;
const CENTRAL_HEAD = 0x02014b50;
const END = 0x06054b50;
const UTF8_NAMES = 0x0800;
const NEEDS = 20;
/** 1 January 1980, the first day that the format knows; the server does not look. */
const SOME_DAY = 0x0021;
/** Without the 64-bit form of the format. */
export const MOST_BYTES = 0xffffffff;
export const MOST_ENTRIES = 0xffff;

const TABLE = Uint32Array.from({ length: 256 }, (_, start) => {
  let crc = start;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

/** Throws a RangeError for more than the format holds. Reads one file at a time. */
export async function zipOf(entries: readonly ZipEntry[]): Promise<Blob> {
  const parts: BlobPart[] = [];
  const central: BlobPart[] = [];
  let [offset, centralSize] = [0, 0];
  for (const { path, blob } of entries) {
    const name = new TextEncoder().encode(path);
    const crc = crc32(new Uint8Array(await blob.arrayBuffer()));
    const common = [
      NEEDS,
      UTF8_NAMES,
      0,
      0,
      SOME_DAY,
      [crc],
      [blob.size],
      [blob.size],
      name.length,
      0
    ] as const;
    const local = record(LOCAL_HEAD, ...common);
    const entry = record(CENTRAL_HEAD, NEEDS, ...common, 0, 0, 0, [0], [offset]);
    parts.push(local, name, blob);
    central.push(entry, name);
    offset += local.length + name.length + blob.size;
    centralSize += entry.length + name.length;
  }
  if (offset + centralSize > MOST_BYTES || entries.length > MOST_ENTRIES)
    throw new RangeError('Too much for a zip');
  const { length } = entries;
  const end = record(END, 0, 0, length, length, [centralSize], [offset], 0);
  return new Blob([...parts, ...central, end], { type: 'application/zip' });
}

/** A signature and numbers in two bytes each, those in brackets in four, the lowest byte first. */
function record(
  signature: number,
  ...values: readonly (number | readonly [number])[]
): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  for (const value of [[signature] as const, ...values]) {
    const [number, size] = typeof value === 'number' ? [value, 2] : [value[0], 4];
    for (let at = 0; at < size; at++) bytes.push((number >>> (8 * at)) & 0xff);
  }
  return Uint8Array.from(bytes);
}
