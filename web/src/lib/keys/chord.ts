/** Key chords as written in the keyboard map: `mod+k`, `shift+1`, `g w` (one after the other), `?`. */

export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const NAMED: Record<string, string> = {
  ' ': 'space',
  arrowleft: 'left',
  arrowright: 'right',
  arrowup: 'up',
  arrowdown: 'down',
  escape: 'esc'
};

/** The chord of one press, in the order mod, alt, shift, key. Shift is left out where it only makes the sign (`?`, `+`). */
export function chordOf(press: KeyPress): string {
  const digit = /^Digit(\d)$/.exec(press.code)?.[1];
  const raw = press.shiftKey && digit ? digit : press.key.toLowerCase();
  const key = NAMED[raw] ?? raw;
  const isSign = key.length === 1 && !/[a-z0-9]/.test(key);
  const parts: string[] = [];
  if (press.ctrlKey || press.metaKey) parts.push('mod');
  if (press.altKey) parts.push('alt');
  if (press.shiftKey && !isSign) parts.push('shift');
  parts.push(key);
  return parts.join('+');
}

const SIGNS: Record<string, string> = {
  left: '←',
  right: '→',
  up: '↑',
  down: '↓',
  arrows: '← ↑ ↓ →',
  enter: '↵',
  space: 'Space',
  esc: 'Esc',
  delete: 'Del',
  tab: 'Tab',
  backspace: '⌫'
};

/** The keys of a chord as people know them, one per key cap. */
export function keyCaps(chord: string, isMac: boolean): string[] {
  return chord.split(' ').flatMap((step) =>
    // The last plus may be the key itself.
    step.split(/\+(?=.)/).map((part) => {
      if (part === 'mod') return isMac ? '⌘' : 'Ctrl';
      if (part === 'alt') return isMac ? '⌥' : 'Alt';
      if (part === 'shift') return isMac ? '⇧' : 'Shift';
      return SIGNS[part] ?? part.toUpperCase();
    })
  );
}
