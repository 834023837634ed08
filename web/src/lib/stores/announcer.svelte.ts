import { untrack } from 'svelte';

/** One polite live region for the whole app: what a screen reader should hear although nothing took the focus. */
class Announcer {
  text = $state('');

  /** May be called from an effect: what is being said is nothing that the effect depends on. */
  say(text: string): void {
    // The same words twice are no change to a screen reader; a trailing space makes them one.
    this.text = text === untrack(() => this.text) ? `${text} ` : text;
  }
}

export const announcer = new Announcer();
