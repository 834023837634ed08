/** Uploads of this tab: what is on its way, how far, and what failed and may be tried again. */
import { upload, type Upload } from '#lib/api/upload';
import type { StoredFile } from '#lib/api/types';

export class UploadRow {
  part = $state(0);
  failure = $state.raw<unknown>(null);
  #upload: Upload | null = null;

  constructor(
    readonly id: number,
    readonly workspaceId: string,
    readonly file: File
  ) {}

  /** Null when it failed or was stopped; it may be tried again. */
  async run(): Promise<StoredFile | null> {
    this.failure = null;
    this.part = 0;
    this.#upload = upload(this.workspaceId, this.file, (part) => (this.part = part));
    try {
      return await this.#upload.done;
    } catch (error) {
      this.failure = error;
      return null;
    }
  }

  stop(): void {
    this.#upload?.abort();
  }
}

class Uploads {
  rows = $state.raw<readonly UploadRow[]>([]);
  #nextId = 1;

  /** Sends the files one after the other; `onDone` gets each as it is there. */
  async send(workspaceId: string, files: Iterable<File>, onDone: (file: StoredFile) => void): Promise<void> {
    const rows = [...files].map((file) => new UploadRow(this.#nextId++, workspaceId, file));
    this.rows = [...this.rows, ...rows];
    for (const row of rows) await this.run(row, onDone);
  }

  async run(row: UploadRow, onDone: (file: StoredFile) => void): Promise<void> {
    const file = await row.run();
    if (!file) return;
    this.drop(row);
    onDone(file);
  }

  drop(row: UploadRow): void {
    row.stop();
    this.rows = this.rows.filter((other) => other !== row);
  }
}

export const uploads = new Uploads();
