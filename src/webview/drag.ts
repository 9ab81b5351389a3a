/** How far the pointer has gone since it was pressed, in CSS pixels. */
export interface Moved {
  readonly x: number;
  readonly y: number;
}

/** Has an element be dragged. `begin` is called when it is grasped, and what it answers for every move until it is let go. */
export function onDrag(element: HTMLElement, begin: () => (moved: Moved) => void): void {
  element.addEventListener('pointerdown', (down) => {
    if (down.button !== 0) return;
    // Nothing is selected, and nothing else hears of it: the handle may lie on a button.
    down.preventDefault();
    down.stopPropagation();
    const move = begin();
    const onMove = (event: PointerEvent): void =>
      move({ x: event.clientX - down.clientX, y: event.clientY - down.clientY });
    const stop = (): void => {
      element.removeEventListener('pointermove', onMove);
      element.classList.remove('dragged');
    };
    element.setPointerCapture(down.pointerId);
    element.classList.add('dragged');
    element.addEventListener('pointermove', onMove);
    element.addEventListener('lostpointercapture', stop, { once: true });
  });
}
