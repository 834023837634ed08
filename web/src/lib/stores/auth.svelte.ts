import { api } from '#lib/api/calls';
import { client } from '#lib/api/client';
import { ApiError } from '#lib/api/errors';
import type { Session, User } from '#lib/api/types';

/** Who is signed in. `user` is null until `restore` found a session or somebody signed in. */
class Auth {
  user = $state.raw<User | null>(null);

  /** Brings back the session that the browser's cookie stands for; false where there is none. Throws when unreachable. */
  async restore(): Promise<boolean> {
    if (this.user) return true;
    try {
      this.user = (await client.refresh()).user;
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status >= 400 && error.status < 500) return false;
      throw error;
    }
  }

  async signIn(email: string, password: string): Promise<void> {
    this.#take(await api.login({ email, password }));
  }

  async register(email: string, password: string, displayName: string): Promise<void> {
    this.#take(await api.register({ email, password, displayName }));
  }

  async signOut(): Promise<void> {
    await api.logout();
    this.forget();
  }

  async rename(displayName: string): Promise<void> {
    this.user = (await api.updateMe({ displayName })).user;
  }

  forget(): void {
    client.hold(null);
    this.user = null;
  }

  #take(session: Session): void {
    client.hold(session);
    this.user = session.user;
  }
}

export const auth = new Auth();
