/** A person's own canvas changes, to take back and to do again. Others' changes are never on it. */
export interface Step {
  readonly undo: () => void;
  readonly redo: () => void;
}

const LIMIT = 200;

export class UndoStack {
  #done: Step[] = [];
  #undone: Step[] = [];

  /** Notes a change that was just made; what had been undone before it is forgotten. */
  push(step: Step): Step {
    this.#done.push(step);
    if (this.#done.length > LIMIT) this.#done.shift();
    this.#undone = [];
    return step;
  }

  undo(): boolean {
    const step = this.#done.pop();
    if (!step) return false;
    step.undo();
    this.#undone.push(step);
    return true;
  }

  redo(): boolean {
    const step = this.#undone.pop();
    if (!step) return false;
    step.redo();
    this.#done.push(step);
    return true;
  }

  /** Takes this one back, whatever was done since; nothing if it was taken back already. */
  revert(step: Step): void {
    if (!this.#done.includes(step)) return;
    this.#done = this.#done.filter((one) => one !== step);
    step.undo();
    this.#undone.push(step);
  }
}
