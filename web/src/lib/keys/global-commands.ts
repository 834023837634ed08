import type { PlainKey } from '#lib/i18n/messages';
import { theme } from '#lib/stores/theme.svelte';
import { ui } from '#lib/stores/ui.svelte';
import type { Command } from './registry.svelte';

const go = (id: string, label: PlainKey, chord: string, run: () => unknown): Command => ({
  id: `go.${id}`,
  label,
  section: 'help.go',
  chords: [chord],
  run: () => void run()
});

/** The commands that work on every page. */
export function globalCommands(goto: (path: string) => unknown, isAdmin = false): readonly Command[] {
  return [
    {
      id: 'palette',
      label: 'palette.title',
      section: 'help.general',
      chords: ['mod+k'],
      inFields: true,
      run: () => (ui.isPaletteOpen = true)
    },
    {
      id: 'help',
      label: 'help.title',
      section: 'help.general',
      chords: ['?'],
      run: () => (ui.isHelpOpen = true)
    },
    {
      id: 'sidebar',
      label: 'nav.toggleSidebar',
      section: 'help.general',
      chords: ['mod+.'],
      inFields: true,
      run: () => ui.toggleSidebar()
    },
    {
      id: 'theme',
      label: 'theme.toggle',
      section: 'help.general',
      chords: ['mod+shift+l'],
      inFields: true,
      run: () => theme.toggle()
    },
    {
      id: 'go.search',
      label: 'nav.search',
      section: 'help.go',
      chords: ['/', 'g s'],
      run: () => goto('/search')
    },
    {
      id: 'go.workspaces',
      label: 'nav.workspaces',
      section: 'help.go',
      chords: ['g w'],
      run: () => goto('/')
    },
    go('files', 'nav.files', 'g f', () => goto('/files')),
    go('chat', 'nav.chat', 'g c', () => goto('/chat')),
    go('calendar', 'nav.calendar', 'g k', () => goto('/calendar')),
    ...(isAdmin ? [go('admin', 'nav.admin', 'g a', () => goto('/admin'))] : []),
    {
      id: 'go.settings',
      label: 'nav.settings',
      section: 'help.go',
      chords: ['g ,'],
      run: () => goto('/settings')
    }
  ];
}
