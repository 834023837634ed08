/** What is open around the page. Wide windows show the sidebar beside the page, narrow ones over it. */
class Ui {
  isSidebarShown = $state(true);
  isDrawerOpen = $state(false);
  isHelpOpen = $state(false);
  isPaletteOpen = $state(false);
  areNoticesOpen = $state(false);
  /** Notifications that were not read. */
  unreadCount = $state(0);
  /** Files that were dropped on a workspace in the sidebar, for its page to take. */
  dropped = $state.raw<{ readonly workspaceId: string; readonly files: readonly File[] } | null>(null);

  toggleSidebar(): void {
    if (matchMedia('(min-width: 56rem)').matches) this.isSidebarShown = !this.isSidebarShown;
    else this.isDrawerOpen = !this.isDrawerOpen;
  }
}

export const ui = new Ui();
