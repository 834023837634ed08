/** What somebody chose or dropped to bring in, as one zip. */
import { zipOf, type ZipEntry } from './zip';

/** A zip as it is; files, with their folders, packed into one. */
export async function zipFor(files: readonly File[]): Promise<Blob> {
  const [first] = files;
  if (files.length === 1 && /\.zip$/i.test(first!.name)) return first!;
  const entries = files.filter((file) => !isHidden(pathOf(file)));
  return zipOf(entries.map((file): ZipEntry => ({ path: pathOf(file), blob: file })));
}

/** Files of a chosen folder tell where they lie in it. */
export const pathOf = (file: File): string => file.webkitRelativePath || file.name;

/** `.git`, `.obsidian` and the like are no notes of anybody's. */
const isHidden = (path: string): boolean => path.split('/').some((part) => part.startsWith('.'));
