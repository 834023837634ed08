/** One polite live region for the whole app: what a screen reader should hear although nothing took the focus. */
class Announcer {
  text = $state('');

  say(text: string): void {
    // The same words twice are no change to a screen reader; a trailing space makes them one.
    this.text = text === this.text ? `${text} ` : text;
  }
}

export const announcer = new Announcer();
