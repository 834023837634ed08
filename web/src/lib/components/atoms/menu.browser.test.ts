import { render } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import MenuTrial from '#lib/testing/MenuTrial.svelte';

const trigger = () => page.getByRole('button', { name: 'More' });
const item = (name: string) => page.getByRole('menuitem', { name });

describe('a menu', () => {
  it('opens with its first item in focus, goes round by arrows and gives the focus back', async () => {
    render(MenuTrial, {});
    await trigger().click();
    await expect.element(item('Rename')).toHaveFocus();
    await userEvent.keyboard('{ArrowDown}');
    await expect.element(item('Delete')).toHaveFocus();
    await userEvent.keyboard('{ArrowDown}');
    await expect.element(item('Rename')).toHaveFocus();
    await userEvent.keyboard('{End}{Escape}');
    await expect.element(trigger()).toHaveFocus();
    await expect.element(page.getByRole('menu')).not.toBeInTheDocument();
  });

  it('does what was chosen and closes', async () => {
    const chosen: string[] = [];
    render(MenuTrial, { onchoose: (what: string) => chosen.push(what) });
    await trigger().click();
    await item('Delete').click();
    expect(chosen).toEqual(['delete']);
    await expect.element(page.getByRole('menu')).not.toBeInTheDocument();
  });

  it('stays in the window, at whatever edge its button is', async () => {
    render(MenuTrial, { corner: 'end' });
    await trigger().click();
    const box = page.getByRole('menu').element().getBoundingClientRect();
    expect(box.right).toBeLessThanOrEqual(innerWidth);
    expect(box.bottom).toBeLessThanOrEqual(innerHeight);
    expect(box.left).toBeGreaterThanOrEqual(0);
    expect(box.top).toBeGreaterThanOrEqual(0);
  });
});
