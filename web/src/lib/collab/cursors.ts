/** Sending the own pointer: the newest place, at most 20 times a second. */
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
