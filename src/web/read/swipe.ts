import { useRef } from 'preact/hooks';

/** A finger must move this far to the side, and twice as far as up or down, CSS pixels. */
const LEAST_PX = 60;

/** Beside the edges of the screen a swipe belongs to the browser, CSS pixels. */
const EDGE_PX = 24;

/** Calls `turn` with 1 after a swipe to the left and with -1 after one to the right; put the handlers on an element. */
export function useSwipe(turn: (by: 1 | -1) => void) {
  const start = useRef<Readonly<{ x: number; y: number }>>(undefined);
  return {
    onTouchStart: ({ touches, target }: TouchEvent) => {
      const [finger, second] = touches;
      const isOurs = finger && !second && isInside(finger.clientX) && !scrollsSideways(target);
      start.current = isOurs ? { x: finger.clientX, y: finger.clientY } : undefined;
    },
    onTouchEnd: ({ changedTouches: [finger] }: TouchEvent) => {
      const from = start.current;
      start.current = undefined;
      if (from === undefined || finger === undefined || isZoomed()) return;
      const [x, y] = [finger.clientX - from.x, finger.clientY - from.y];
      if (Math.abs(x) >= LEAST_PX && Math.abs(x) >= 2 * Math.abs(y)) turn(x < 0 ? 1 : -1);
    },
  };
}

function isInside(x: number): boolean {
  return x > EDGE_PX && x < window.innerWidth - EDGE_PX;
}

/** In a picture made larger a finger moves the picture. */
function isZoomed(): boolean {
  return (window.visualViewport?.scale ?? 1) > 1.05;
}

function scrollsSideways(target: EventTarget | null): boolean {
  for (let at = target instanceof Element ? target : null; at && at !== document.body; at = at.parentElement) {
    if (at.scrollWidth > at.clientWidth && /auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
  }
  return false;
}
