/** A plain field in which people are named: who is proposed after an `@`, and whom the names mean. */
import { tick } from 'svelte';
import type { Member } from '#lib/api/types';
import { fromField, mentionBefore, type Named, toField } from './mention-text';

const MOST = 6;

export class Mentioning {
  text = $state('');
  /** Which of those found a key would take. */
  chosen = $state(0);
  field = $state<HTMLTextAreaElement>();
  #named = $state.raw<Named>(new Map());
  #caret = $state(0);
  #isClosed = $state(true);
  #typed = $derived(this.#isClosed ? null : mentionBefore(this.text, this.#caret));
  found = $derived.by((): readonly Member[] => {
    const wanted = this.#typed?.typed.toLocaleLowerCase();
    if (wanted === undefined) return [];
    return this.members()
      .filter((one) => one.displayName.toLocaleLowerCase().includes(wanted))
      .slice(0, MOST);
  });

  constructor(private readonly members: () => readonly Member[]) {}

  /** What is written, as it is stored. */
  get stored(): string {
    return fromField(this.text.trim(), this.#named);
  }

  /** Shows a stored text. */
  load(stored: string): void {
    const { text, named } = toField(stored);
    [this.text, this.#named, this.#isClosed] = [text, named, true];
  }

  /** Call when somebody typed, or put the caret elsewhere. */
  note(): void {
    this.#caret = this.field?.selectionStart ?? 0;
    this.#isClosed = false;
    this.chosen = 0;
  }

  async pick(member: Member): Promise<void> {
    if (!this.#typed || !this.field) return;
    const before = `${this.text.slice(0, this.#typed.from)}@${member.displayName} `;
    this.#named = new Map(this.#named).set(member.displayName, member.userId);
    this.text = before + this.text.slice(this.#caret);
    this.#isClosed = true;
    await tick();
    this.field.focus();
    this.field.setSelectionRange(before.length, before.length);
  }

  /** Whether the key was meant for those found. */
  take(event: KeyboardEvent): boolean {
    const member = this.found[this.chosen];
    if (!member || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.chosen = (this.chosen + step + this.found.length) % this.found.length;
    else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') void this.pick(member);
    else if (event.key === 'Escape') this.#isClosed = true;
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
