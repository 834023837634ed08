/** How many fit, by what they are and where they are. Pure. */
import type { components } from '../api/schema';

export type Facet = components['schemas']['FacetItem'];

export interface Counts {
  readonly byKind: ReadonlyMap<string, number>;
  readonly byWorkspace: ReadonlyMap<string, number>;
}

export function countsOf(facets: readonly Facet[]): Counts {
  const byKind = new Map<string, number>();
  const byWorkspace = new Map<string, number>();
  for (const { type, workspaceId, count } of facets) {
    // The kinds that can be chosen are named in the plural.
    const kind = type === 'chat' ? type : `${type}s`;
    for (const name of [kind, 'all']) byKind.set(name, (byKind.get(name) ?? 0) + count);
    byWorkspace.set(workspaceId, (byWorkspace.get(workspaceId) ?? 0) + count);
  }
  return { byKind, byWorkspace };
}
