import { SvelteMap } from 'svelte/reactivity';
import type { PlainKey } from '#lib/i18n/messages';
import { chordOf } from './chord';

/** What a person can do by key. One list feeds the handler, the help, the palette and the tests. */
export interface Command {
  readonly id: string;
  readonly label: PlainKey;
  readonly section: PlainKey;
  readonly chords: readonly string[];
  /** Gets the chord that was pressed, or none when it was chosen from a list. False leaves the key to the browser. */
  readonly run: (chord?: string) => unknown;
  /** Also while typing in a field; only sensible with a modifier. */
  readonly inFields?: boolean;
  /** Where the key counts, by the element that has the focus; without this, everywhere. */
  readonly hears?: (focused: Element) => boolean;
  /** Makes sense by key alone: the palette leaves it out. */
  readonly isByKeyOnly?: boolean;
  /** What the help shows in the place of many chords that are alike. */
  readonly shown?: string;
}

const SEQUENCE_MS = 1_200;

function isField(target: Element): boolean {
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
    const focused = event.target instanceof Element ? event.target : document.body;
    const inField = isField(focused);
    const chord = chordOf(event);
    const isFresh = event.timeStamp - this.#prefixAt < SEQUENCE_MS;
    const begun =
      this.#prefix && isFresh ? this.#find(`${this.#prefix} ${chord}`, focused, inField) : undefined;
    const command = begun ?? this.#find(chord, focused, inField);
    const isDone = command !== undefined && command.run(chord) !== false;
    this.#prefix = isDone || inField ? '' : chord;
    this.#prefixAt = event.timeStamp;
    if (isDone) event.preventDefault();
  }

  #find(chord: string, focused: Element, inField: boolean): Command | undefined {
    for (const command of this.commands.values()) {
      if (!command.chords.includes(chord) || (inField && !command.inFields)) continue;
      if (command.hears?.(focused) ?? true) return command;
    }
    return undefined;
  }
}

export const keys = new KeyRegistry();
