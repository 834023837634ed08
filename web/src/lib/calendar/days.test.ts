import { describe, expect, it } from 'vitest';
import { addMonths, dayKey, daysOf, daysTaken, parseDay, shift, weekStart } from './days';

describe('calendar days', () => {
  it('shows six whole weeks around a month', () => {
    const days = daysOf('month', parseDay('2026-02-15'), 1).map(dayKey);
    expect([days.length, days[0], days.at(-1)]).toEqual([42, '2026-01-26', '2026-03-08']);
    expect(daysOf('week', parseDay('2026-02-15'), 0).map(dayKey)[0]).toBe('2026-02-15');
    expect(dayKey(weekStart(parseDay('2026-02-15'), 1))).toBe('2026-02-09');
  });

  it('steps by months without leaving them, and by days over changes of the clock', () => {
    expect(dayKey(addMonths(parseDay('2026-01-31'), 1))).toBe('2026-02-28');
    expect(dayKey(shift('day', parseDay('2026-03-29'), 1))).toBe('2026-03-30');
    expect(dayKey(shift('week', parseDay('2026-10-25'), -1))).toBe('2026-10-18');
  });

  it('knows the days that something takes; the end is exclusive', () => {
    expect(daysTaken({ start: '2026-05-01', end: '2026-05-03', allDay: true })).toEqual([
      '2026-05-01',
      '2026-05-02'
    ]);
    const late = new Date(2026, 4, 1, 23).toISOString();
    const midnight = new Date(2026, 4, 2).toISOString();
    expect(daysTaken({ start: late, end: midnight, allDay: false })).toEqual(['2026-05-01']);
    const after = new Date(2026, 4, 2, 1).toISOString();
    expect(daysTaken({ start: late, end: after, allDay: false })).toEqual(['2026-05-01', '2026-05-02']);
  });
});
