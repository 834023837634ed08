/**
 * Words that go to the server by a call of their own: what is said in a chat, comments. They stay on this device until
 * the server has them; under its key it takes each once, however often it is sent.
 */
import { ApiError } from '#lib/api/errors';
import { newId } from '#lib/collab/identity';

export interface Unsent<T> {
  readonly key: string;
  readonly what: T;
  /** Why it could not be sent the last time. */
  readonly failure: unknown;
}

/** Refusals that another try may not meet. */
const PASSING = new Set(['OFFLINE', 'UNAVAILABLE', 'RATE_LIMITED']);

/** Whether it goes out by itself, as soon as there is a line. */
export const isWaiting = ({ failure }: Unsent<unknown>): boolean =>
  failure === null || (failure instanceof ApiError && PASSING.has(failure.code));

export class UnsentWords<T, R = unknown> {
  items = $state.raw<readonly Unsent<T>[]>([]);
  /** Told of what the server answered. */
  onSent: ((answer: R) => void) | null = null;
  #sending = new Set<string>();

  constructor(
    private readonly place: string,
    private readonly send: (what: T, key: string) => Promise<R>
  ) {
    this.items = stored<T>(place).map(({ key, what }) => ({ key, what, failure: null }));
  }

  /** Resolves when it is sent, or cannot be for now. */
  add(what: T, key: string = newId()): Promise<void> {
    this.#keep([...this.items, { key, what, failure: null }]);
    return this.retry(key);
  }

  /** As `add`, when it is known that there is no line. */
  hold(what: T, key: string): void {
    this.#keep([...this.items, { key, what, failure: new ApiError(0, 'OFFLINE', '') }]);
  }

  async retry(key: string): Promise<void> {
    const wanted = this.items.find((one) => one.key === key);
    if (!wanted || this.#sending.has(key)) return;
    this.#sending.add(key);
    this.#mark(key, null);
    try {
      const answer = await this.send(wanted.what, key);
      this.onSent?.(answer);
      this.discard(key);
    } catch (error) {
      this.#mark(key, error);
    } finally {
      this.#sending.delete(key);
    }
  }

  /** There is a line: in the order in which they were written. */
  async resume(): Promise<void> {
    for (const one of this.items) if (isWaiting(one)) await this.retry(one.key);
  }

  discard(key: string): void {
    this.#keep(this.items.filter((one) => one.key !== key));
  }

  #mark(key: string, failure: unknown): void {
    this.items = this.items.map((one) => (one.key === key ? { ...one, failure } : one));
  }

  #keep(items: readonly Unsent<T>[]): void {
    this.items = items;
    try {
      if (items.length === 0) localStorage.removeItem(this.place);
      else localStorage.setItem(this.place, JSON.stringify(items.map(({ key, what }) => ({ key, what }))));
    } catch (error) {
      // No room, or forbidden: they are still on the page.
      console.warn('Unsent words could not be stored on this device', error);
    }
  }
}

function stored<T>(place: string): readonly { key: string; what: T }[] {
  try {
    return JSON.parse(localStorage.getItem(place) ?? '[]') as { key: string; what: T }[];
  } catch {
    return [];
  }
}
