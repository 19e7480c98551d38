import { useEffect } from 'preact/hooks';

/** Told on the window before a screen is left; whoever has something unsaved cancels it. */
const LEAVE = 'alpr:leave';

/** Whether the screen may be left. */
export function mayLeave(): boolean {
  return window.dispatchEvent(new Event(LEAVE, { cancelable: true }));
}

/** Asks before something unsaved is left, by a link, the way back, or by closing the page. */
export function useLeaveGuard(isUnsaved: () => boolean, question: string): void {
  useEffect(() => {
    const close = (event: Event) => {
      if (isUnsaved()) event.preventDefault();
    };
    const leave = (event: Event) => {
      if (isUnsaved() && !window.confirm(question)) event.preventDefault();
    };
    window.addEventListener('beforeunload', close);
    window.addEventListener(LEAVE, leave);
    return () => {
      window.removeEventListener('beforeunload', close);
      window.removeEventListener(LEAVE, leave);
    };
  }, [isUnsaved, question]);
}
