import { describe, expect, it } from 'vitest';
import { Horizon } from './horizon';
import { below, seededRandom } from './testing/random';

const SEED = 20261128;
/** What a busy server takes at most to tell of edits of notes that are not open. */
const TOLD_AFTER_MS = 3_000;

describe(`the horizon (seed ${SEED})`, () => {
  it('is at what was told in order', () => {
    const horizon = new Horizon(() => 0);
    horizon.told(7);
    horizon.heard(9);
    horizon.told(6);
    expect(horizon.seq).toBe(7);
  });

  it('never lies beyond an edit that is not told yet, and is not left behind', () => {
    const random = seededRandom(SEED);
    let untoldAtCut = 0;
    for (let run = 0; run < 300; run++) {
      let now = 0;
      let seq = 0;
      let dueAt = Infinity;
      const untold: number[] = [];
      const heard: { seq: number; at: number }[] = [];
      const horizon = new Horizon(() => now);
      const pause = 1 + below(random, 2_000);
      for (let step = 0; step < 200; step++) {
        now += below(random, pause);
        if (now >= dueAt) {
          horizon.told(untold.at(-1)!);
          untold.length = 0;
          dueAt = Infinity;
        }
        if (below(random, 4) === 0) {
          untold.push(++seq);
          dueAt = Math.min(dueAt, now + below(random, TOLD_AFTER_MS));
        } else {
          horizon.heard(++seq);
          heard.push({ seq, at: now });
        }
        if (untold.length > 0) {
          untoldAtCut++;
          expect(horizon.seq).toBeLessThan(untold[0]!);
        }
        const last = heard.at(-1);
        const long = last && heard.findLast(({ at }) => at < last.at - 15_000 - pause);
        if (long) expect(horizon.seq).toBeGreaterThanOrEqual(long.seq);
      }
    }
    expect(untoldAtCut).toBeGreaterThan(1_000);
  });
});
