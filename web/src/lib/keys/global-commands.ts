import { theme } from '#lib/stores/theme.svelte';
import { ui } from '#lib/stores/ui.svelte';
import type { Command } from './registry.svelte';

/** The commands that work on every page. */
export function globalCommands(goto: (path: string) => unknown): readonly Command[] {
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
    {
      id: 'go.settings',
      label: 'nav.settings',
      section: 'help.go',
      chords: ['g ,'],
      run: () => goto('/settings')
    }
  ];
}
