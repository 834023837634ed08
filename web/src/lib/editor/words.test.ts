import { expect, it } from 'vitest';
import { countWords } from './words';

it('counts words in any script', () => {
  expect(countWords('', 'en')).toBe(0);
  expect(countWords('One, two — three!\n\n- four', 'en')).toBe(4);
  expect(countWords('مرحبا بالعالم', 'ar')).toBe(2);
  expect(countWords('🌱 🌱', 'en')).toBe(0);
  expect(countWords('我喜欢写作', 'zh')).toBeGreaterThan(1);
});
