/** The chat of one workspace: what was said, what is on its way, who is typing. */
import { SvelteMap } from 'svelte/reactivity';
import * as v from 'valibot';
import { chatApi as api } from '#lib/api/chat-calls';
import type { Message } from '#lib/api/types';
import { saidIn, type SaidMessages } from './said';

const PAGE = 40;
/** A sign of typing counts this long; it is repeated while it goes on. */
const TYPING_MS = 5_000;
const TELL_TYPING_MS = 2_500;

/** The connection as the chat uses it. */
export interface ChatLine {
  readonly workspaceId: string;
  readonly clientId: string;
  listen(listener: (name: string, payload: unknown) => void): () => void;
  tell(name: string, payload: Readonly<Record<string, unknown>>): void;
}

const messageEvent = v.looseObject({
  workspaceId: v.string(),
  id: v.string(),
  seq: v.number(),
  text: v.string()
});
const typingEvent = v.object({
  workspaceId: v.string(),
  userId: v.string(),
  userName: v.string(),
  clientId: v.string(),
  typing: v.boolean()
});

export class Chat {
  messages = $state.raw<readonly Message[]>([]);
  isLoaded = $state(false);
  hasOlder = $state(false);
  failure = $state.raw<unknown>(null);
  readonly #typing = new SvelteMap<string, string>();
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #toldAt = 0;
  #cursor: string | null = null;

  /** What is on its way; shown at once. */
  readonly said: SaidMessages;

  constructor(private readonly line: ChatLine) {
    this.said = saidIn(line.workspaceId).messages;
    this.said.onSent = ({ message }) => this.#take([message]);
  }

  /** The names of those who are typing. */
  typing = $derived([...new Set(this.#typing.values())]);

  /** Listens until the returned function is called. */
  start(): () => void {
    void this.load();
    const stop = this.line.listen((name, payload) => this.#hear(name, payload));
    return () => {
      stop();
      this.said.onSent = null;
      for (const timer of this.#timers.values()) clearTimeout(timer);
    };
  }

  async load(): Promise<void> {
    this.failure = null;
    try {
      const page = await api.messages(this.line.workspaceId, { limit: PAGE });
      this.#take(page.items);
      this.#cursor = page.nextCursor;
      this.hasOlder = page.nextCursor !== null;
      this.isLoaded = true;
    } catch (error) {
      this.failure = error;
    }
  }

  async loadOlder(): Promise<void> {
    if (!this.#cursor) return;
    const page = await api.messages(this.line.workspaceId, { limit: PAGE, cursor: this.#cursor });
    this.#take(page.items);
    this.#cursor = page.nextCursor;
    this.hasOlder = page.nextCursor !== null;
  }

  async react(message: Message, emoji: string, isMine: boolean): Promise<void> {
    const change = isMine ? api.unreact : api.react;
    this.#take([(await change(message.id, emoji)).message]);
  }

  async edit(message: Message, text: string): Promise<void> {
    this.#take([(await api.editMessage(message.id, text)).message]);
  }

  async remove(message: Message): Promise<void> {
    await api.deleteMessage(message.id);
    this.#take([{ ...message, text: '', deletedAt: new Date().toISOString() }]);
  }

  /** Call for every key; the others are told now and then. */
  tellTyping(now: number = Date.now()): void {
    if (now - this.#toldAt < TELL_TYPING_MS) return;
    this.#toldAt = now;
    this.line.tell('chat:typing', { typing: true });
  }

  #hear(name: string, payload: unknown): void {
    if (name === 'chat:typing') {
      const parsed = v.safeParse(typingEvent, payload);
      if (parsed.success && parsed.output.clientId !== this.line.clientId) this.#typed(parsed.output);
      return;
    }
    if (name !== 'chat:message' && name !== 'chat:update') return;
    const body = (payload as { message?: unknown } | null)?.message ?? payload;
    const parsed = v.safeParse(messageEvent, body);
    if (!parsed.success || parsed.output.workspaceId !== this.line.workspaceId) return;
    const message = body as Message;
    this.#typing.delete(message.userId);
    this.#take([message]);
  }

  #typed({ userId, userName, typing }: v.InferOutput<typeof typingEvent>): void {
    clearTimeout(this.#timers.get(userId));
    if (!typing) return void this.#typing.delete(userId);
    this.#typing.set(userId, userName);
    this.#timers.set(
      userId,
      setTimeout(() => this.#typing.delete(userId), TYPING_MS)
    );
  }

  #take(messages: readonly Message[]): void {
    const byId = new Map(this.messages.map((message) => [message.id, message]));
    for (const message of messages) byId.set(message.id, message);
    this.messages = [...byId.values()].sort((a, b) => a.seq - b.seq);
  }
}
