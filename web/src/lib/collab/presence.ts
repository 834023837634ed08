/** Who is here: one entry per connection, so that closing one of two tabs keeps the person. */
import type { Presence } from './types';

/** One entry per person, the most awake of their connections, in a stable order. */
export function peopleOf(presence: Iterable<Presence>): Presence[] {
  const rank = { online: 0, busy: 1, away: 2 };
  const people = new Map<string, Presence>();
  for (const entry of presence) {
    const known = people.get(entry.userId);
    if (!known || rank[entry.status] < rank[known.status]) people.set(entry.userId, entry);
  }
  return [...people.values()].sort(
    (a, b) => a.userName.localeCompare(b.userName) || a.userId.localeCompare(b.userId)
  );
}

/** The others who have a note open. */
export function readersOf(noteId: string, ownClientId: string, presence: Iterable<Presence>): Presence[] {
  return peopleOf([...presence].filter((entry) => entry.noteId === noteId && entry.clientId !== ownClientId));
}
