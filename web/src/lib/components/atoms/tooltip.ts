import type { Attachment } from 'svelte/attachments';
import { keyCaps } from '#lib/keys/chord';
import { isMac } from '#lib/utils/platform';

const DELAY_MS = 450;
const GAP_PX = 6;

let bubble: HTMLElement | null = null;
let timer: ReturnType<typeof setTimeout>;

function bubbleElement(): HTMLElement {
  if (bubble?.isConnected) return bubble;
  bubble = document.createElement('div');
  bubble.className = 'tooltip';
  bubble.popover = 'manual';
  // The button's own name says the same; a screen reader need not hear it twice.
  bubble.ariaHidden = 'true';
  document.body.append(bubble);
  return bubble;
}

function show(owner: Element, text: string, chord: string | undefined): void {
  const element = bubbleElement();
  element.replaceChildren(text, ...(chord ? keyCaps(chord, isMac()).map(keyCap) : []));
  element.showPopover();
  const target = owner.getBoundingClientRect();
  const size = element.getBoundingClientRect();
  const left = target.left + target.width / 2 - size.width / 2;
  const below = target.bottom + GAP_PX;
  const fits = below + size.height < innerHeight;
  element.style.left = `${Math.max(GAP_PX, Math.min(left, innerWidth - size.width - GAP_PX))}px`;
  element.style.top = `${fits ? below : target.top - size.height - GAP_PX}px`;
}

function keyCap(cap: string): HTMLElement {
  const element = document.createElement('kbd');
  element.textContent = cap;
  return element;
}

function hide(): void {
  clearTimeout(timer);
  if (bubble?.matches(':popover-open')) bubble.hidePopover();
}

/** Shows `text` (and the keys of `chord`) beside an element that is pointed at or focused by key. */
export function tooltip(text: string, chord?: string): Attachment<HTMLElement> {
  return (element) => {
    const soon = () => {
      clearTimeout(timer);
      timer = setTimeout(() => show(element, text, chord), DELAY_MS);
    };
    const onPointer = (event: PointerEvent) => event.pointerType === 'mouse' && soon();
    const onFocus = () => element.matches(':focus-visible') && soon();
    element.addEventListener('pointerenter', onPointer);
    element.addEventListener('focus', onFocus);
    for (const leave of ['pointerleave', 'pointerdown', 'blur', 'keydown'])
      element.addEventListener(leave, hide);
    return () => {
      hide();
      element.removeEventListener('pointerenter', onPointer);
      element.removeEventListener('focus', onFocus);
      for (const leave of ['pointerleave', 'pointerdown', 'blur', 'keydown'])
        element.removeEventListener(leave, hide);
    };
  };
}
