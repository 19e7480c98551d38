import { useCallback, useEffect, useState } from 'preact/hooks';

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

/** Fetches a list page by page; another `key` begins with the first page of another list. */
export function usePages<P extends Page>(key: string, fetchPage: (cursor: string | null) => Promise<P>): Pages<P> {
  const [state, setState] = useState<Readonly<{ pages: readonly P[]; error?: unknown; loading: boolean }>>({
    pages: [],
    loading: false,
  });
  const load = useCallback(
    async (before: readonly P[]) => {
      setState((now) => ({ pages: before.length === 0 ? now.pages : before, loading: true }));
      try {
        const page = await fetchPage(before.at(-1)?.next ?? null);
        setState({ pages: [...before, page], loading: false });
      } catch (error) {
        setState({ pages: before, loading: false, error });
      }
    },
    [key],
  );
  useEffect(() => void load([]), [load]);
  const isLast = state.pages.at(-1)?.next === null;
  return { error: undefined, ...state, isLast, more: () => void load(state.pages), again: () => void load([]) };
}
