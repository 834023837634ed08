/** The first words of open notes, taken from their text: the server tells them only to those who do not have it open. */
const EVERY_MS = 400;

export class Excerpts {
  #timers = new Map<string, ReturnType<typeof setTimeout>>();

  /** `show` is called soon, once for however many changes there are until then. */
  touch(noteId: string, show: () => void): void {
    if (this.#timers.has(noteId)) return;
    const run = () => {
      this.#timers.delete(noteId);
      show();
    };
    this.#timers.set(noteId, setTimeout(run, EVERY_MS));
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
