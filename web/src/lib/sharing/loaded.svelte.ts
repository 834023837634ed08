/** A list that a dialog shows: being fetched, here, or not to be had. */
import { wordsFor } from '#lib/api/calls';
import { t } from '#lib/i18n/index.svelte';
import { toasts } from '#lib/stores/toast.svelte';

export class Loaded<T> {
  /** Null until it is here. */
  items = $state.raw<readonly T[] | null>(null);
  failure = $state.raw<unknown>(null);

  constructor(private readonly fetch: () => Promise<readonly T[]>) {}

  load = async (): Promise<void> => {
    this.failure = null;
    try {
      this.items = await this.fetch();
    } catch (error) {
      this.failure = error;
    }
  };

  /** Does something and shows the list as it is then. True when it went well; a refusal is told. */
  async after(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      await this.load();
      return true;
    } catch (error) {
      toasts.error(t(wordsFor(error)));
      return false;
    }
  }
}
