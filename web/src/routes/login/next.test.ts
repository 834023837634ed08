import { describe, expect, it } from 'vitest';
import { safeNext } from './next';

const at = (next: string) => ({ search: `?next=${encodeURIComponent(next)}`, origin: 'https://vault.test' });

describe('safeNext', () => {
  it('keeps a path of this site', () => {
    expect(safeNext(at('/workspaces/1?note=2'))).toBe('/workspaces/1?note=2');
  });

  it.each(['https://evil.test/', '//evil.test/x', '/\\evil.test', 'javascript:alert(1)', 'settings'])(
    'refuses %s',
    (next) => {
      expect(safeNext(at(next))).toBe('/');
    }
  );

  it('starts at the front without a wish', () => {
    expect(safeNext({ search: '', origin: 'https://vault.test' })).toBe('/');
  });
});
