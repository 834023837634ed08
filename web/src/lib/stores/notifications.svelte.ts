/** What the server wants this person to know, newest first. Comes with the connection; without one it is asked for. */
import { api } from '#lib/api/more-calls';
import { ui } from './ui.svelte';
import type { Notification } from '#lib/api/types';

const EVERY_MS = 60_000;

class Notifications {
  items = $state.raw<readonly Notification[]>([]);
  isLoaded = $state(false);
  failure = $state.raw<unknown>(null);
  nextCursor = $state<string | null>(null);

  /** Asks now and then, and when the page is looked at again, until the returned function is called. */
  start(): () => void {
    void this.load();
    const look = () => document.visibilityState === 'visible' && void this.load();
    const timer = setInterval(look, EVERY_MS);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }

  async load(): Promise<void> {
    try {
      const page = await api.notifications({ limit: 30 });
      this.items = page.items;
      ui.unreadCount = page.unreadCount;
      this.nextCursor = page.nextCursor;
      this.isLoaded = true;
      this.failure = null;
    } catch (error) {
      this.failure = error;
    }
  }

  async loadMore(): Promise<void> {
    if (!this.nextCursor) return;
    const page = await api.notifications({ limit: 30, cursor: this.nextCursor });
    this.items = [...this.items, ...page.items];
    this.nextCursor = page.nextCursor;
  }

  hear(payload: unknown): void {
    const item = payload as Notification | null;
    if (typeof item?.id !== 'string' || typeof item.title !== 'string') return;
    if (this.items.some((known) => known.id === item.id)) return;
    this.items = [item, ...this.items];
    ui.unreadCount++;
  }

  async read(item: Notification): Promise<void> {
    if (item.read) return;
    this.#put({ ...item, read: true });
    ui.unreadCount = Math.max(0, ui.unreadCount - 1);
    await api.readNotification(item.id);
  }

  async readAll(): Promise<void> {
    await api.readAllNotifications();
    this.items = this.items.map((item) => ({ ...item, read: true }));
    ui.unreadCount = 0;
  }

  async remove(item: Notification): Promise<void> {
    await api.deleteNotification(item.id);
    this.items = this.items.filter((other) => other.id !== item.id);
    if (!item.read) ui.unreadCount = Math.max(0, ui.unreadCount - 1);
  }

  #put(item: Notification): void {
    this.items = this.items.map((other) => (other.id === item.id ? item : other));
  }
}

export const notifications = new Notifications();
