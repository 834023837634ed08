// Runs before the first paint, so that a dark page never flashes light. Must agree with src/lib/stores/theme.svelte.ts.
(function () {
  var choice = 'system';
  try {
    choice = localStorage.getItem('notevault.theme') || 'system';
  } catch {
    // Storage may be forbidden; the system's choice is then the best guess.
  }
  var isDark =
    choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
})();
