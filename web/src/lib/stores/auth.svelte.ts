import { api } from '#lib/api/calls';
import { client } from '#lib/api/client';
import { ApiError } from '#lib/api/errors';
import type { Session, User } from '#lib/api/types';

/** Who was signed in here last: without a line nobody can be asked, and what is stored here is that person's. */
const KEY = 'notevault.user';

function remembered(): User | null {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? 'null') as User | null;
  } catch {
    return null;
  }
}

/** Who is signed in. `user` is null until `restore` found a session or somebody signed in. */
class Auth {
  user = $state.raw<User | null>(null);

  /** Brings back the session that the browser's cookie stands for; false where there is none. Throws when unreachable. */
  async restore(): Promise<boolean> {
    if (this.user) return true;
    try {
      this.#remember((await client.refresh()).user);
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status >= 400 && error.status < 500) return false;
      this.user = remembered();
      if (this.user) return true;
      throw error;
    }
  }

  /** `code`: of the second factor, for accounts that have one. */
  async signIn(email: string, password: string, code: string | null = null): Promise<void> {
    this.take(await api.login({ email, password, code }));
  }

  async register(email: string, password: string, displayName: string): Promise<void> {
    this.take(await api.register({ email, password, displayName }));
  }

  async signOut(): Promise<void> {
    await api.logout();
    this.forget();
  }

  async rename(displayName: string): Promise<void> {
    this.#remember(
      (await (await import('#lib/api/account-calls')).accountApi.updateMe({ displayName })).user
    );
  }

  forget(): void {
    client.hold(null);
    this.user = null;
    localStorage.removeItem(KEY);
  }

  /** The session that a sign-in gave. */
  take(session: Session): void {
    client.hold(session);
    this.#remember(session.user);
  }

  #remember(user: User): void {
    this.user = user;
    localStorage.setItem(KEY, JSON.stringify(user));
  }
}

export const auth = new Auth();
