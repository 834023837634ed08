/** Pointers of people: sent at most 20 times a second, shown moving smoothly between what comes in. */
import type { Point } from './types';

const SEND_EVERY_MS = 50;

/** The newest of many values, at most every 50 ms; the last one always goes out. */
export class CursorSender<T> {
  #last = -Infinity;
  #waiting: T | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly send: (value: T) => void,
    private readonly now: () => number = () => performance.now()
  ) {}

  push(value: T): void {
    this.#waiting = value;
    if (this.#timer !== null) return;
    const wait = this.#last + SEND_EVERY_MS - this.now();
    if (wait <= 0) this.#flush();
    else this.#timer = setTimeout(() => this.#flush(), wait);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = this.#waiting = null;
  }

  #flush(): void {
    this.#timer = null;
    const value = this.#waiting;
    this.#waiting = null;
    this.#last = this.now();
    if (value !== null) this.send(value);
  }
}

interface Sample extends Point {
  at: number;
}

/** A pointer between its last two samples, shown one send interval late so that there mostly are two. */
export class CursorTrack {
  #previous: Sample | null = null;
  #latest: Sample | null = null;

  push(point: Point, at: number): void {
    this.#previous = this.#latest;
    this.#latest = { ...point, at };
  }

  /** Where to draw it at time `at` (ms, the same clock as `push`). */
  at(at: number): Point | null {
    const [a, b] = [this.#previous, this.#latest];
    if (!a || !b) return b && { x: b.x, y: b.y };
    // After a pause it must not crawl for as long as the pause was.
    const span = Math.min(Math.max(b.at - a.at, 1), 2 * SEND_EVERY_MS);
    const share = Math.min(1, Math.max(0, (at - b.at) / span));
    return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
  }
}
