import { describe, expect, it } from 'vitest';
import { groupsOf, KIND_GROUPS, kindsOf } from './webhook-kinds';

describe('what a webhook is told', () => {
  it('is chosen by group, and read back as chosen', () => {
    for (const group of KIND_GROUPS) {
      expect(groupsOf(kindsOf([group]))).toEqual({ groups: [group], others: [] });
    }
    expect(groupsOf(kindsOf(KIND_GROUPS))).toEqual({ groups: KIND_GROUPS, others: [] });
    expect(groupsOf([])).toEqual({ groups: [], others: [] });
  });

  it('names what other programs chose more finely', () => {
    const kinds = [...kindsOf(['files']), 'note.created', 'version.named'];
    expect(groupsOf(kinds)).toEqual({ groups: ['files'], others: ['note.created', 'version.named'] });
  });
});
