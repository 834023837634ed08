/** Files on their way up, with progress; and down, as the browser can show them. `fetch` cannot tell how far it is. */
import { client } from './client';
import { ApiError, errorOf } from './errors';
import type { StoredFile } from './types';

export interface Upload {
  readonly done: Promise<StoredFile>;
  abort(): void;
}

/** `onProgress` gets the part that is sent, 0 to 1. */
export function upload(workspaceId: string, file: File, onProgress: (part: number) => void): Upload {
  const request = new XMLHttpRequest();
  const send = async (): Promise<StoredFile> => {
    const token = await client.getToken();
    const form = new FormData();
    form.append('workspaceId', workspaceId);
    form.append('file', file, file.name || 'file');
    return new Promise((resolve, reject) => {
      request.open('POST', '/api/files/upload');
      request.setRequestHeader('Authorization', `Bearer ${token}`);
      request.responseType = 'json';
      request.upload.onprogress = (event) => onProgress(event.total ? event.loaded / event.total : 0);
      request.onerror = () => reject(new ApiError(0, 'OFFLINE', 'The line broke'));
      request.onabort = () => reject(new DOMException('Stopped', 'AbortError'));
      request.onload = () => {
        const answer = request.response as { files?: StoredFile[] } | null;
        if (request.status === 201 && answer?.files?.[0]) resolve(answer.files[0]);
        else void errorOf(request.status, request.statusText, answer).then(reject);
      };
      request.send(form);
    });
  };
  return { done: send(), abort: () => request.abort() };
}

const pictures = new Map<string, Promise<string>>();
const MOST_PICTURES = 60;

/** An address of this page for a file that only the signed in may read. Kept, so that a picture is fetched once. */
export function objectUrl(path: string): Promise<string> {
  const known = pictures.get(path);
  if (known) return known;
  const coming = client.blob(path).then((blob) => URL.createObjectURL(blob));
  pictures.set(path, coming);
  coming.catch(() => pictures.delete(path));
  const [oldest, url] = pictures.size > MOST_PICTURES ? [...pictures][0]! : [];
  if (oldest && url) {
    pictures.delete(oldest);
    url.then((old) => setTimeout(() => URL.revokeObjectURL(old), 30_000)).catch(() => undefined);
  }
  return coming;
}

/** Has the browser save a file. */
export async function save(path: string, name: string): Promise<void> {
  const url = URL.createObjectURL(await client.blob(path));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 30_000);
}
