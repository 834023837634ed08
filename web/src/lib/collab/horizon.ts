/** Up to where in the sequence all was told: from there on we ask for what we missed. */

/** Edits of notes that are not open are told at most so late; the server does it within one or two seconds. */
const SETTLED_MS = 5_000;

export class Horizon {
  #settled = 0;
  #old = 0;
  #young = 0;
  #turnedAt = -Infinity;

  constructor(private readonly now: () => number = () => performance.now()) {}

  get seq(): number {
    return this.#settled;
  }

  /** Told in the order of the sequence: nothing before it is to come. */
  told(seq: number): void {
    this.#settled = Math.max(this.#settled, seq);
  }

  /** An edit of an open note, told at once: older ones of other notes may still be to come, for a while. */
  heard(seq: number): void {
    const now = this.now();
    if (now - this.#turnedAt >= SETTLED_MS) {
      this.told(this.#old);
      [this.#old, this.#young, this.#turnedAt] = [this.#young, 0, now];
    }
    this.#young = Math.max(this.#young, seq);
  }
}
