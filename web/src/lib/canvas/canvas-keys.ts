import { t } from '#lib/i18n/index.svelte';
import { announcer } from '#lib/stores/announcer.svelte';
import type { Command } from '#lib/keys/registry.svelte';
import type { PlainKey } from '#lib/i18n/messages';
import type { Board } from './board.svelte';
import type { BoardEdits } from './board-edits';
import type { Direction } from './reading-order';

const STEP = 8;
const LARGE_STEP = 64;
const ZOOM_STEP = 1.25;

export interface CanvasActions {
  /** Whether an element lies in the canvas. */
  readonly holds: (focused: Element) => boolean;
  /** Makes a note at a place of the person's choice, or in the middle. */
  readonly create: (isAtPointer: boolean) => void;
  readonly open: (id: string) => void;
  readonly duplicate: () => void;
  readonly connect: () => void;
  readonly follow: () => void;
  readonly remove: () => void;
  readonly escape: () => void;
}

const WAYS: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1]
};
const ARROWS = Object.keys(WAYS) as Direction[];

/** The canvas' part of the keyboard map; for those who may only read without what changes anything. */
export function canvasCommands(
  board: Board,
  edits: BoardEdits,
  canEdit: boolean,
  actions: CanvasActions
): readonly Command[] {
  /** From anywhere on the page, but for panels beside the canvas and menus: keys there are meant for those. */
  const anywhere = (
    label: PlainKey,
    chords: readonly string[],
    run: Command['run'],
    more: Partial<Command> = {}
  ): Command => ({
    id: `canvas.${label}`,
    label,
    section: 'help.canvas',
    chords,
    hears: (focused) => actions.holds(focused) || !focused.closest('aside, [role=menu]'),
    run,
    ...more
  });
  /** Only with the focus on the canvas: elsewhere these keys have another meaning. */
  const inside = (label: PlainKey, chords: readonly string[], run: Command['run'], shown?: string) =>
    anywhere(label, chords, run, { hears: actions.holds, isByKeyOnly: true, ...(shown ? { shown } : {}) });

  const focus = (id: string | null) => {
    if (!id) return false;
    board.focus(id);
    board.select([id]);
    return true;
  };
  const move = (label: PlainKey, modifiers: string, step: number) =>
    anywhere(
      label,
      ARROWS.map((direction) => `${modifiers}+${direction}`),
      (chord) => {
        const [dx, dy] = WAYS[chord!.split('+').at(-1) as Direction];
        edits.moveBy(board.selectedNotes(), dx * step, dy * step);
        const at = board.selectedNotes()[0]?.position;
        if (at) announcer.say(t('canvas.moved', { x: Math.round(at.x), y: Math.round(at.y) }));
      },
      { isByKeyOnly: true, shown: `${modifiers}+arrows` }
    );

  const looking = [
    inside('keys.open', ['enter'], () => (board.activeId ? actions.open(board.activeId) : false)),
    inside('keys.next', ['tab'], () => focus(board.nextInOrder(1))),
    inside('keys.previous', ['shift+tab'], () => focus(board.nextInOrder(-1))),
    inside('keys.focusTowards', ARROWS, (chord) => focus(board.nextTowards(chord as Direction)), 'arrows'),
    anywhere('keys.selectAll', ['mod+a'], () => board.select(board.order)),
    anywhere('keys.follow', ['f'], actions.follow),
    anywhere('keys.fit', ['shift+1'], () => board.fit()),
    anywhere('keys.fitSelection', ['shift+2'], () =>
      board.selected.size ? board.fit(board.selected) : false
    ),
    anywhere('keys.actualSize', ['mod+0'], () => board.zoomToActualSize()),
    anywhere('keys.zoomIn', ['+', '='], () => board.zoomBy(ZOOM_STEP)),
    anywhere('keys.zoomOut', ['-'], () => board.zoomBy(1 / ZOOM_STEP)),
    anywhere('keys.selectTool', ['v'], () => void (board.tool = 'select')),
    anywhere('keys.handTool', ['shift+h'], () => void (board.tool = 'hand')),
    anywhere('keys.leave', ['esc'], actions.escape, { isByKeyOnly: true })
  ];
  if (!canEdit) return looking;
  return [
    anywhere('keys.newNote', ['n'], (chord) => actions.create(chord !== undefined)),
    inside('keys.rename', ['f2'], () => void (board.renamingId = board.activeId)),
    ...looking,
    move('keys.move', 'alt', STEP),
    move('keys.moveFar', 'alt+shift', LARGE_STEP),
    anywhere('keys.duplicate', ['mod+d'], actions.duplicate),
    anywhere('keys.connect', ['c'], actions.connect),
    anywhere('keys.snap', ["mod+'"], () => void (board.isSnapping = !board.isSnapping)),
    anywhere('keys.delete', ['delete', 'backspace'], actions.remove),
    anywhere('keys.undo', ['mod+z'], () => void edits.history.undo()),
    anywhere('keys.redo', ['mod+shift+z', 'mod+y'], () => void edits.history.redo())
  ];
}
