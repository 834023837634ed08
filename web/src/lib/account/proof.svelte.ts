import { ApiError, toldAt } from '#lib/api/calls';
import { t } from '#lib/i18n/index.svelte';
import type { PlainKey } from '#lib/i18n/messages';

/** Who the person is, shown once more: what is asked for, what was given, and what is wrong with it. */
export class Proof {
  hasPassword = $state(false);
  hasFactor = $state(false);
  password = $state('');
  code = $state('');
  /** By field; `all`: of the whole. */
  problems = $state.raw<Readonly<Record<string, string>>>({});

  get given(): { readonly password: string | null; readonly code: string | null } {
    return { password: this.hasPassword ? this.password : null, code: this.hasFactor ? this.code : null };
  }

  clear(): void {
    this.password = this.code = '';
    this.problems = {};
  }

  /** `words`: for errors that mean something special here. */
  tell(error: unknown, words: Readonly<Record<string, PlainKey>> = {}): void {
    const known: Readonly<Record<string, PlainKey>> = { SIGN_IN_TOO_OLD: 'account.linkOld', ...words };
    const special = error instanceof ApiError ? known[error.code] : undefined;
    this.problems = special ? { all: t(special) } : toldAt(error, ['email', 'password', 'code']);
  }
}
