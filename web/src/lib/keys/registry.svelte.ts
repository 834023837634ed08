import { SvelteMap } from 'svelte/reactivity';
import type { PlainKey } from '#lib/i18n/messages';
import { chordOf } from './chord';

/** What a person can do by key. One list feeds the handler, the help, the palette and the tests. */
export interface Command {
  readonly id: string;
  readonly label: PlainKey;
  readonly section: PlainKey;
  readonly chords: readonly string[];
  readonly run: () => void;
  /** Also while typing in a field; only sensible with a modifier. */
  readonly inFields?: boolean;
  /** Listed in the help although another handler (the canvas, the editor) takes the key. */
  readonly isOnlyListed?: boolean;
}

const SEQUENCE_MS = 1_200;

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

export class KeyRegistry {
  commands = new SvelteMap<string, Command>();
  #prefix = '';
  #prefixAt = 0;

  /** Adds commands; returns the way to take them out again. A later command of the same id replaces the earlier. */
  register(commands: readonly Command[]): () => void {
    for (const command of commands) this.commands.set(command.id, command);
    return () => {
      for (const command of commands) {
        if (this.commands.get(command.id) === command) this.commands.delete(command.id);
      }
    };
  }

  handle(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    if (document.querySelector('dialog[open]')) return;
    const inField = isField(event.target);
    const chord = chordOf(event);
    const isFresh = event.timeStamp - this.#prefixAt < SEQUENCE_MS;
    const sequence = this.#prefix && isFresh ? `${this.#prefix} ${chord}` : chord;
    const command = this.#find(sequence, inField) ?? this.#find(chord, inField);
    this.#prefix = command || inField ? '' : chord;
    this.#prefixAt = event.timeStamp;
    if (!command) return;
    event.preventDefault();
    command.run();
  }

  #find(chord: string, inField: boolean): Command | undefined {
    for (const command of this.commands.values()) {
      if (command.isOnlyListed || (inField && !command.inFields)) continue;
      if (command.chords.includes(chord)) return command;
    }
    return undefined;
  }
}

export const keys = new KeyRegistry();
