import { describe, expect, it } from 'vitest';
import { beginningOf, fromField, mentionBefore, toField } from './mention-text';

const ADA = '11111111-1111-4111-8111-111111111111';
const ANN = '22222222-2222-4222-8222-222222222222';

describe('mentions in a field', () => {
  it('goes to the field and back unchanged', () => {
    const stored = `Ask @[Ada](${ADA}), then @[Ada Byron (she)](${ANN}) again.`;
    const { text, named } = toField(stored);
    expect(text).toBe('Ask @Ada, then @Ada Byron (she) again.');
    expect(fromField(text, named)).toBe(stored);
  });

  it('leaves names alone that nobody picked, and longer words that begin like one', () => {
    expect(fromField('@Bea @Adam @Ada', new Map([['Ada', ADA]]))).toBe(`@Bea @Adam @[Ada](${ADA})`);
  });

  it('sees what is typed after the sign, also with one space, and no address', () => {
    expect(mentionBefore('ask @Ad', 7)).toEqual({ from: 4, typed: 'Ad' });
    expect(mentionBefore('ask @Ada By', 11)).toEqual({ from: 4, typed: 'Ada By' });
    expect(mentionBefore('mail ada@example', 16)).toBeNull();
    expect(mentionBefore('ask @Ada By and', 15)).toBeNull();
  });

  it('quotes the beginning with names as people see them, and cuts no character in two', () => {
    expect(beginningOf(`Ask @[Ada](${ADA})`)).toBe('Ask @Ada');
    expect(beginningOf('🌱'.repeat(61))).toBe(`${'🌱'.repeat(60)}…`);
  });
});
