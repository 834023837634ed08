import { describe, expect, it } from 'vitest';
import { Pace } from './pace';

/** Where somebody is seen every 10 ms who moves evenly, one unit a ms, and whose places come at `times`. */
function seen(times: readonly number[]): number[] {
  const pace = new Pace();
  const places: number[] = [];
  let from = 0;
  let step = { at: 0, to: 0, duration: 1 };
  const placeAt = (now: number) =>
    from + (step.to - from) * Math.min(1, Math.max(0, (now - step.at) / step.duration));
  let next = 0;
  for (let now = 0; now <= times.at(-1)!; now += 10) {
    while (next < times.length && times[next]! <= now) {
      const at = times[next++]!;
      from = placeAt(at);
      step = { at, to: at, duration: pace.next(at) };
    }
    places.push(placeAt(now));
  }
  return places;
}

describe('the way of a pointer that is told 20 times a second', () => {
  it('looks even, though its places come unevenly', () => {
    const places = seen(Array.from({ length: 40 }, (_, n) => n * 50 + [0, 8, -6, 12, 3][n % 5]!));
    const steps = places.slice(20).map((place, n, all) => (n === 0 ? 10 : place - all[n - 1]!));
    expect(Math.min(...steps)).toBeGreaterThan(3);
    expect(Math.max(...steps)).toBeLessThan(20);
  });

  it('is quick after a rest, and never slower than what is told', () => {
    const pace = new Pace();
    expect(pace.next(10_000)).toBe(70);
    expect(pace.next(10_100)).toBe(110);
    expect(pace.next(10_101)).toBe(70);
    expect(pace.next(30_000)).toBe(70);
  });
});
