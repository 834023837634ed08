/** Days and weeks as a calendar shows them, in the clocks of the person who looks. Pure. */
export const DAY_MS = 86_400_000;

export type Span = 'month' | 'week' | 'day';

/** A day as 2026-01-31, by the local clock. */
export function dayKey(date: Date): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

export function parseDay(key: string): Date {
  const [year = 1970, month = 1, day = 1] = key.split('-').map(Number);
  return new Date(year, month - 1, day);
}

/** Days are not all 24 hours long: counted by the calendar, not by milliseconds. */
export function addDays(date: Date, days: number): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days);
}

export function addMonths(date: Date, months: number): Date {
  const first = new Date(date.getFullYear(), date.getMonth() + months, 1);
  const last = new Date(first.getFullYear(), first.getMonth() + 1, 0).getDate();
  return new Date(first.getFullYear(), first.getMonth(), Math.min(date.getDate(), last));
}

/** 0 is Sunday. Where the browser does not know, the world's most used: Monday. */
export function firstWeekday(locale: string): number {
  const info = new Intl.Locale(locale) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  return ((info.getWeekInfo?.() ?? info.weekInfo)?.firstDay ?? 1) % 7;
}

export function weekStart(date: Date, first: number): Date {
  return addDays(date, -((date.getDay() - first + 7) % 7));
}

/** The days that a view shows: six weeks around a month, a week, a day. */
export function daysOf(span: Span, date: Date, first: number): Date[] {
  if (span === 'day') return [addDays(date, 0)];
  const start =
    span === 'week'
      ? weekStart(date, first)
      : weekStart(new Date(date.getFullYear(), date.getMonth(), 1), first);
  return Array.from({ length: span === 'week' ? 7 : 42 }, (_, index) => addDays(start, index));
}

/** One step back or on. */
export function shift(span: Span, date: Date, step: 1 | -1): Date {
  return span === 'month' ? addMonths(date, step) : addDays(date, step * (span === 'week' ? 7 : 1));
}

export interface Timed {
  readonly start: string;
  readonly end: string;
  readonly allDay: boolean;
}

/** The days on which something takes place; `end` is exclusive, and what ends at midnight does not reach the next day. */
export function daysTaken({ start, end, allDay }: Timed): string[] {
  const from = allDay ? parseDay(start) : new Date(start);
  const until = allDay ? parseDay(end) : new Date(end);
  const days: string[] = [dayKey(from)];
  for (let day = addDays(from, 1); day < until && days.length < 400; day = addDays(day, 1))
    days.push(dayKey(day));
  return days;
}
