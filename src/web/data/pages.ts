import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

type Page = Readonly<{ next: string | null }>;

/** The pages of a list that have come so far. */
export type Pages<P extends Page> = Readonly<{
  pages: readonly P[];
  error: unknown;
  loading: boolean;
  isLast: boolean;
  /** Asks for the next page. */
  more: () => void;
  /** Asks for the first page anew. */
  again: () => void;
}>;

/** Fetches a list page by page; another `key` begins with the first page of another list, and late answers for the one before are ignored. */
export function usePages<P extends Page>(key: string, fetchPage: (cursor: string | null) => Promise<P>): Pages<P> {
  const [state, setState] = useState<Readonly<{ pages: readonly P[]; error?: unknown; loading: boolean }>>({
    pages: [],
    loading: false,
  });
  const latest = useRef(0);
  const load = useCallback(
    async (before: readonly P[]) => {
      latest.current += 1;
      const turn = latest.current;
      const settle = (next: typeof state) => turn === latest.current && setState(next);
      setState((now) => ({ pages: before.length === 0 ? now.pages : before, loading: true }));
      try {
        const page = await fetchPage(before.at(-1)?.next ?? null);
        settle({ pages: [...before, page], loading: false });
      } catch (error) {
        settle({ pages: before, loading: false, error });
      }
    },
    [key],
  );
  useEffect(() => void load([]), [load]);
  const isLast = state.pages.at(-1)?.next === null;
  return { error: undefined, ...state, isLast, more: () => void load(state.pages), again: () => void load([]) };
}
