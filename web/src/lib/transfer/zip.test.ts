import { describe, expect, it } from 'vitest';
import { crc32, zipOf } from './zip';

describe('a zip', () => {
  it('has the checksum that the format names for its test text', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });

  it('ends with the number of its entries and where they are listed', async () => {
    const blob = await zipOf([
      { path: 'Garden/été.md', blob: new Blob(['# Été']) },
      { path: 'b.md', blob: new Blob([]) }
    ]);
    const bytes = new DataView(await blob.arrayBuffer());
    const end = bytes.byteLength - 22;
    expect(bytes.getUint32(end, true)).toBe(0x06054b50);
    expect(bytes.getUint16(end + 10, true)).toBe(2);
    const listed = bytes.getUint32(end + 16, true);
    expect(bytes.getUint32(listed, true)).toBe(0x02014b50);
    expect(listed + bytes.getUint32(end + 12, true)).toBe(end);
  });
});
