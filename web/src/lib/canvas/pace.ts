/** What others see is sent every 50 ms, and comes up to 20 ms sooner or later. */
const SHORTEST_MS = 70;
const LONGEST_MS = 160;
const SLACK = 1.1;

/**
 * How long to glide to each place of a row, so that the row looks like one motion: as long as the step before took to
 * come, so that one place is reached when the next is told. What begins after a rest moves quickly.
 */
export class Pace {
  #last = -Infinity;

  /** Milliseconds for the step that came at `now`. */
  next(now: number): number {
    const gap = (now - this.#last) * SLACK;
    this.#last = now;
    return gap > LONGEST_MS ? SHORTEST_MS : Math.max(SHORTEST_MS, Math.round(gap));
  }
}
