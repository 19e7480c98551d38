import { useEffect, useRef } from 'preact/hooks';
import type { Messages } from './languages/messages.ts';

/** What keys do on every screen. */
export type KeyActions = Readonly<{
  search: () => void;
  close: () => void;
  help: () => void;
  /** Opens the read before or after the open one; false when none is open. */
  turn: (by: 1 | -1) => boolean;
}>;

/** The keys for the help, each with what it does. */
export const KEYS: readonly Readonly<{ keys: readonly string[]; does: keyof Messages['frame']['keyDoes'] }>[] = [
  { keys: ['/'], does: 'search' },
  { keys: ['j', '↓'], does: 'next' },
  { keys: ['k', '↑'], does: 'previous' },
  { keys: ['Enter'], does: 'open' },
  { keys: ['←', '→'], does: 'turn' },
  { keys: ['Esc'], does: 'close' },
  { keys: ['?'], does: 'help' },
];

/** The keys of the review, which its buttons show too. */
export const REVIEW_KEYS: readonly Readonly<{ key: string; does: ReviewDeed }>[] = [
  { key: '↵', does: 'confirm' },
  { key: 'c', does: 'type' },
  { key: 'x', does: 'reject' },
  { key: 'm', does: 'merge' },
  { key: 's', does: 'skip' },
  { key: 'u', does: 'goBack' },
];

type ReviewDeed = 'confirm' | 'type' | 'reject' | 'merge' | 'skip' | 'goBack';

/** Listens on the whole page. Input fields keep their keys, except Esc, which leaves them. */
export function useKeyboard(actions: KeyActions): void {
  // Effects run after the screen has changed; a quick key in between must not act on the screen before.
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => pressKey(event, latest.current);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}

function pressKey(event: KeyboardEvent, actions: KeyActions): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  if (document.querySelector('dialog[open], :popover-open')) return;
  if (target.matches('input, select, textarea')) pressKeyInField(event, target);
  else if (actOn(event.key, actions, target)) event.preventDefault();
}

function pressKeyInField(event: KeyboardEvent, field: HTMLElement): void {
  if (event.key === 'Escape') field.blur();
  if (event.key === 'ArrowDown' && field.matches('.search-box') && moveFocus(1)) event.preventDefault();
}

function actOn(key: string, actions: KeyActions, target: HTMLElement): boolean {
  const onRow = target.matches('[data-row]');
  const inList = onRow || target === document.body || target.matches('main');
  if (key === '/') actions.search();
  else if (key === '?') actions.help();
  else if (key === 'Escape') actions.close();
  else if (key === 'ArrowRight') return actions.turn(1);
  else if (key === 'ArrowLeft') return actions.turn(-1);
  else if (key === 'j') return (!onRow && actions.turn(1)) || moveFocus(1);
  else if (key === 'k') return (!onRow && actions.turn(-1)) || moveFocus(-1);
  else if (key === 'ArrowDown' && inList) return moveFocus(1);
  else if (key === 'ArrowUp' && inList) return moveFocus(-1);
  else return false;
  return true;
}

function moveFocus(by: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')];
  const { activeElement } = document;
  const at = activeElement instanceof HTMLElement ? rows.indexOf(activeElement) : -1;
  const next = rows[at === -1 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
  next?.focus({ preventScroll: true });
  next?.closest('.row')?.scrollIntoView({ block: 'nearest' });
  return next !== undefined;
}

/** Returns the focus to the row of a read that was open. */
export function focusRow(id: string): void {
  const row = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`);
  row?.focus({ preventScroll: true });
  row?.closest('.row')?.scrollIntoView({ block: 'nearest' });
}
