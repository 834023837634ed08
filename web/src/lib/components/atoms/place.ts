const GAP_PX = 4;
const EDGE_PX = 8;

/** Puts a fixed element under its owner, or above it where there is no room; never outside the window. */
export function placeBeside(element: HTMLElement, owner: HTMLElement): void {
  const target = owner.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = element;
  const isRightHalf = target.left + target.width / 2 > innerWidth / 2;
  const left = isRightHalf ? target.right - width : target.left;
  const below = target.bottom + GAP_PX;
  const top = below + height > innerHeight - EDGE_PX ? target.top - height - GAP_PX : below;
  element.style.left = `${clamp(left, EDGE_PX, innerWidth - width - EDGE_PX)}px`;
  element.style.top = `${clamp(top, EDGE_PX, innerHeight - height - EDGE_PX)}px`;
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
