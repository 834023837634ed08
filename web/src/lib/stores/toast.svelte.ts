/** Short messages in the corner, read out by screen readers. At most `LIMIT` at a time; the oldest makes room. */
export type ToastTone = 'info' | 'success' | 'error';

export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: ToastTone;
  readonly action: ToastAction | null;
  /** Until it is answered: no clock ends it, and no other takes its room. */
  readonly stays: boolean;
}

const LIMIT = 4;
const SHOWN_MS = 5_000;
const SHOWN_WITH_ACTION_MS = 9_000;

export class Toasts {
  items = $state.raw<readonly Toast[]>([]);
  #nextId = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(text: string, options: { tone?: ToastTone; action?: ToastAction; stays?: boolean } = {}): number {
    const id = this.#nextId++;
    const { tone = 'info', action = null, stays = false } = options;
    this.items = [...this.items, { id, text, tone, action, stays }];
    const passing = this.items.filter((item) => !item.stays);
    for (const { id: old } of passing.slice(0, -LIMIT)) this.dismiss(old);
    this.resume(id);
    return id;
  }

  error(text: string): number {
    return this.show(text, { tone: 'error' });
  }

  dismiss(id: number): void {
    this.pause(id);
    this.items = this.items.filter((item) => item.id !== id);
  }

  /** Stops the clock while somebody points at the message. */
  pause(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  resume(id: number): void {
    const item = this.items.find((candidate) => candidate.id === id);
    if (!item || item.stays) return;
    this.pause(id);
    const shown = item.action ? SHOWN_WITH_ACTION_MS : SHOWN_MS;
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), shown)
    );
  }
}

export const toasts = new Toasts();
