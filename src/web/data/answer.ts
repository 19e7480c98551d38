import { useEffect, useState } from 'preact/hooks';

/** The state of a request: nothing yet, an answer, or an error. */
export type Answer<T> = Readonly<{ value?: T; error?: unknown; retry: () => void }>;

/**
 * Sends a request when `key` changes, and ignores answers for an earlier key. Keys with the same first word ask about
 * the same thing, so the last value stays until the new answer comes.
 */
export function useAnswer<T>(key: string, ask: (signal: AbortSignal) => Promise<T>): Answer<T> {
  const [state, setState] = useState<Readonly<{ key: string; value?: T; error?: unknown }>>({ key });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    ask(abort.signal).then(
      (value) => abort.signal.aborted || setState({ key, value }),
      (error: unknown) => abort.signal.aborted || setState((before) => ({ ...keepValue(before, key), key, error })),
    );
    return () => abort.abort();
  }, [key, turn]);
  const retry = () => setTurn((count) => count + 1);
  return firstWord(state.key) === firstWord(key) ? { ...state, retry } : { retry };
}

function keepValue<T>(before: Readonly<{ key: string; value?: T }>, key: string): Readonly<{ value?: T }> {
  return firstWord(before.key) === firstWord(key) && before.value !== undefined ? { value: before.value } : {};
}

function firstWord(key: string): string {
  return key.split(' ', 1)[0] ?? '';
}
