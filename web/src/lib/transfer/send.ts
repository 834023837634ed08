/** Bringing contents in and taking them out: large bodies whose progress is seen and that can be stopped. */
import { client } from '#lib/api/client';
import { ApiError, errorFrom, errorOf } from '#lib/api/errors';
import type { components } from '../api/schema';

type Schemas = components['schemas'];
export type Brought = Schemas['ContentsAnswer'];

/** Sends a body; `onPart` gets the part that is sent, 0 to 1. `fetch` cannot tell how far it is. */
async function post<T>(
  path: string,
  body: Blob,
  type: string,
  signal: AbortSignal,
  onPart: (part: number) => void
): Promise<T> {
  const token = await client.getToken();
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    const stop = () => request.abort();
    request.open('POST', path);
    request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.setRequestHeader('Content-Type', type);
    request.responseType = 'json';
    request.upload.onprogress = (event) => onPart(event.total ? event.loaded / event.total : 0);
    request.upload.onload = () => onPart(1);
    request.onerror = () => reject(new ApiError(0, 'OFFLINE', 'The line broke'));
    request.onabort = () => reject(new DOMException('Stopped', 'AbortError'));
    request.onload = () => {
      if (request.status === 201) resolve(request.response as T);
      else void errorOf(request.status, request.statusText, request.response).then(reject);
    };
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    request.send(body);
  });
}

export const bringIn = (id: string, zip: Blob, signal: AbortSignal, onPart: (part: number) => void) =>
  post<Brought>(`/api/workspaces/${id}/import`, zip, 'application/zip', signal, onPart);

export const bringInEvents = (id: string, file: Blob, signal: AbortSignal) =>
  post<Schemas['ImportAnswer']>(
    `/api/workspaces/${id}/events/import`,
    file,
    'text/calendar',
    signal,
    () => undefined
  );

/** Fetches a file of the signed in; `onBytes` gets how much has come. */
export async function takeOut(
  path: string,
  signal: AbortSignal,
  onBytes: (bytes: number) => void
): Promise<Blob> {
  const headers = { Authorization: `Bearer ${await client.getToken()}` };
  const response = await fetch(path, { headers, signal }).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new ApiError(0, 'OFFLINE', String(error));
  });
  if (!response.ok) throw await errorFrom(response);
  const pieces: BlobPart[] = [];
  let bytes = 0;
  const reader = response.body!.getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      pieces.push(piece.value);
      onBytes((bytes += piece.value.length));
    }
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiError(0, 'OFFLINE', String(error));
  }
  return new Blob(pieces, { type: response.headers.get('Content-Type') ?? '' });
}

/** Has the browser save it. */
export function keep(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 30_000);
}
