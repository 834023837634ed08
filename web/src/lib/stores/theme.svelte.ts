/** The person's choice of colours. `system` follows the operating system, also while the page is open. */
export type ThemeChoice = 'light' | 'dark' | 'system';

const KEY = 'notevault.theme';

function stored(): ThemeChoice {
  const value = typeof localStorage === 'undefined' ? null : localStorage.getItem(KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

class Theme {
  choice = $state<ThemeChoice>(stored());
  #isSystemDark = $state(false);
  isDark = $derived(this.choice === 'dark' || (this.choice === 'system' && this.#isSystemDark));

  /** Follows the system and keeps `<html data-theme>` in step; returns the way to stop. Call once, from an effect. */
  start(): () => void {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const follow = () => (this.#isSystemDark = query.matches);
    follow();
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }

  choose(choice: ThemeChoice): void {
    this.choice = choice;
    localStorage.setItem(KEY, choice);
  }

  toggle(): void {
    this.choose(this.isDark ? 'light' : 'dark');
  }
}

export const theme = new Theme();
