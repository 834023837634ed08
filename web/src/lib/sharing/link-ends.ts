/** When a link ends. Pure. */
export const DAYS = ['1', '7', '30', '365', '0'] as const;
/** Days from now; 0: never. */
export type Days = (typeof DAYS)[number];

const DAY_MS = 86_400_000;

export function endOf(days: Days, now: number = Date.now()): string | null {
  return days === '0' ? null : new Date(now + Number(days) * DAY_MS).toISOString();
}
