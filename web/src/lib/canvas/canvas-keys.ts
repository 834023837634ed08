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
  readonly canEdit: () => boolean;
  readonly create: () => void;
  readonly open: (id: string) => void;
  readonly duplicate: () => void;
  readonly connect: () => void;
  readonly follow: () => void;
  readonly remove: () => void;
  readonly escape: () => void;
}

type Binding = readonly [chord: string, label: PlainKey | null, run: () => boolean | void];

const DIRECTIONS: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, -1],
  down: [0, 1]
};

/**
 * The canvas' part of the keyboard map, by chord. A binding that answers false leaves the key to the browser.
 * Bindings with a label are listed in the help; the others are variants of one that is.
 */
export function canvasBindings(board: Board, edits: BoardEdits, actions: CanvasActions): readonly Binding[] {
  const whenEditable = (run: () => void) => () => (actions.canEdit() ? run() : false);
  const focus = (id: string | null) => {
    if (!id) return false;
    board.focus(id);
    board.select([id]);
    return true;
  };
  const openActive = () => (board.activeId ? actions.open(board.activeId) : false);
  const renameActive = whenEditable(() => (board.renamingId = board.activeId));
  const arrows = (Object.keys(DIRECTIONS) as Direction[]).flatMap((direction): Binding[] => {
    const [dx, dy] = DIRECTIONS[direction];
    const move = (step: number) =>
      whenEditable(() => {
        edits.moveBy(board.selectedNotes(), dx * step, dy * step);
        const at = board.selectedNotes()[0]?.position;
        if (at) announcer.say(t('canvas.moved', { x: Math.round(at.x), y: Math.round(at.y) }));
      });
    return [
      [
        direction,
        direction === 'left' ? 'keys.focusTowards' : null,
        () => focus(board.nextTowards(direction))
      ],
      [`alt+${direction}`, direction === 'left' ? 'keys.move' : null, move(STEP)],
      [`alt+shift+${direction}`, direction === 'left' ? 'keys.moveFar' : null, move(LARGE_STEP)]
    ];
  });
  return [
    ['n', 'keys.newNote', whenEditable(actions.create)],
    ['enter', 'keys.open', openActive],
    ['f2', 'keys.rename', renameActive],
    ['tab', 'keys.next', () => focus(board.nextInOrder(1))],
    ['shift+tab', 'keys.previous', () => focus(board.nextInOrder(-1))],
    ...arrows,
    ['mod+a', 'keys.selectAll', () => board.select(board.order)],
    ['mod+d', 'keys.duplicate', whenEditable(actions.duplicate)],
    ['f', 'keys.follow', actions.follow],
    ['c', 'keys.connect', whenEditable(actions.connect)],
    ["mod+'", 'keys.snap', () => void (board.isSnapping = !board.isSnapping)],
    ['delete', 'keys.delete', whenEditable(actions.remove)],
    ['backspace', null, whenEditable(actions.remove)],
    ['mod+z', 'keys.undo', whenEditable(() => void edits.history.undo())],
    ['mod+shift+z', 'keys.redo', whenEditable(() => void edits.history.redo())],
    ['mod+y', null, whenEditable(() => void edits.history.redo())],
    ['shift+1', 'keys.fit', () => board.fit()],
    ['shift+2', 'keys.fitSelection', () => (board.selected.size ? board.fit(board.selected) : false)],
    ['mod+0', 'keys.actualSize', () => board.zoomToActualSize()],
    ['+', 'keys.zoomIn', () => board.zoomBy(ZOOM_STEP)],
    ['=', null, () => board.zoomBy(ZOOM_STEP)],
    ['-', 'keys.zoomOut', () => board.zoomBy(1 / ZOOM_STEP)],
    ['v', 'keys.selectTool', () => void (board.tool = 'select')],
    ['shift+h', 'keys.handTool', () => void (board.tool = 'hand')],
    ['esc', 'keys.leave', actions.escape]
  ];
}

/** The bindings as the help lists them; the canvas itself takes the keys. */
export function listed(bindings: readonly Binding[]): readonly Command[] {
  return bindings.flatMap(([chord, label]) =>
    label
      ? [
          {
            id: `canvas.${chord}`,
            label,
            section: 'help.canvas' as const,
            chords: [chord],
            run: () => undefined,
            isOnlyListed: true
          }
        ]
      : []
  );
}
