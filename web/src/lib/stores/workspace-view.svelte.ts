/** What is open around the canvas of one workspace, and what of it is shown. */
export type WorkspaceDialog = 'members' | 'rename' | 'delete' | 'trash' | 'import' | 'export';

const KEY = 'notevault.view';

interface Kept {
  isMapShown: boolean;
  areCursorsShown: boolean;
}

function kept(): Kept {
  const usual = { isMapShown: true, areCursorsShown: true };
  try {
    return { ...usual, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Kept>) };
  } catch {
    return usual;
  }
}

export class WorkspaceView {
  isOutlineOpen = $state(false);
  isChatOpen = $state(false);
  /** The person does not want to be disturbed; the others see it. */
  isBusy = $state(false);
  dialog = $state<WorkspaceDialog | null>(null);
  /** What was dropped to be brought in. */
  dropped = $state.raw<readonly File[]>([]);
  #kept = $state(kept());

  get isMapShown(): boolean {
    return this.#kept.isMapShown;
  }

  get areCursorsShown(): boolean {
    return this.#kept.areCursorsShown;
  }

  toggleMap(): void {
    this.#keep({ isMapShown: !this.isMapShown });
  }

  toggleCursors(): void {
    this.#keep({ areCursorsShown: !this.areCursorsShown });
  }

  /** For `bind:isOpen` of a dialog. */
  closed(): void {
    this.dialog = null;
  }

  #keep(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept, ...change };
    localStorage.setItem(KEY, JSON.stringify(this.#kept));
  }
}
