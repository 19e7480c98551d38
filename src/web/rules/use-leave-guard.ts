import { useEffect } from 'preact/hooks';

/** Asks before something unsaved is left, by a link, the way back, or by closing the page. */
export function useLeaveGuard(isUnsaved: () => boolean, question: string): void {
  useEffect(() => {
    const close = (event: BeforeUnloadEvent) => {
      if (isUnsaved()) event.preventDefault();
    };
    const move = (event: HashChangeEvent) => {
      if (!isUnsaved() || window.confirm(question)) return;
      event.stopImmediatePropagation();
      history.pushState(null, '', event.oldURL);
    };
    window.addEventListener('beforeunload', close);
    // Before the page itself follows the address.
    window.addEventListener('hashchange', move, true);
    return () => {
      window.removeEventListener('beforeunload', close);
      window.removeEventListener('hashchange', move, true);
    };
  }, [isUnsaved, question]);
}
