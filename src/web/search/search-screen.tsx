import { useCallback, useEffect, useState } from 'preact/hooks';
import type { SearchAnswer } from '../../contract/api/search.ts';
import { useCell } from '../data/cell.ts';
import { RequestError, searchEvents } from '../data/client.ts';
import { Empty, Problem, Skeleton } from '../parts/notice.tsx';
import { ReadRow } from '../parts/read-row.tsx';
import { asksForReads, EMPTY_QUERY, formatQuery, formatRoute, type SearchQuery } from '../route.ts';
import { useServices } from '../services.ts';
import { countOf } from '../words.ts';
import { explainReason } from './explain-reason.ts';
import { SearchForm } from './search-form.tsx';

/** Search over all reads; the address contains the whole query, so that it can be shared. */
export function SearchScreen({ query }: { query: SearchQuery }) {
  return (
    <main class="screen search" id="content">
      <h1 class="spoken">Search</h1>
      <SearchForm query={query} />
      <Answers query={query} />
    </main>
  );
}

function Answers({ query }: { query: SearchQuery }) {
  if (!asksForReads(query)) return <Suggestions />;
  if (isBackwards(query)) return <Problem error={BACKWARDS} />;
  return <Results key={formatQuery(query)} query={query} />;
}

const BACKWARDS = new RequestError('INPUT_INVALID', '“From” is later than “To”. Exchange the two times.');

function isBackwards({ from, to }: SearchQuery): boolean {
  return Date.parse(from) > Date.parse(to);
}

function Results({ query }: { query: SearchQuery }) {
  const { found, error, loading, more, retry } = useSearch(query);
  const { listed } = useServices();
  useEffect(() => listed.set(found?.results.map(({ event }) => event.event_id) ?? []), [found]);
  if (error !== undefined && found === undefined) return <Problem error={error} retry={retry} />;
  if (found === undefined) return <Skeleton rows={6} kind="row" />;
  if (found.results.length === 0) return <NothingFound query={query} />;
  const count = `${countOf(found.results.length, 'read')}${found.next === null ? '' : ' so far'}`;
  return (
    <section aria-label="Results">
      <p class="quiet found-count" role="status">
        {count}
        {query.q === '' ? (
          ', newest first'
        ) : (
          <>
            , searched by <b>{found.mode}</b>
          </>
        )}
      </p>
      <ul class="rows rows-found">
        {found.results.map(({ event, reason }) => (
          <ReadRow key={event.event_id} event={event}>
            {query.q !== '' && <span class={`reason reason-${reason.kind}`}>{explainReason(reason)}</span>}
          </ReadRow>
        ))}
      </ul>
      {error !== undefined && <Problem error={error} retry={more} />}
      {found.next !== null && (
        <button type="button" class="button button-wide" disabled={loading} onClick={more}>
          {loading ? 'Looking further…' : 'Show more'}
        </button>
      )}
    </section>
  );
}

function NothingFound({ query }: { query: SearchQuery }) {
  const alike = formatRoute({ screen: 'search', query: { ...query, mode: 'fuzzy' } });
  const free = formatRoute({ screen: 'search', query: { ...EMPTY_QUERY, q: query.q, mode: query.mode } });
  if (query.q === '') {
    return (
      <Empty icon="search" title="No reads fit these filters.">
        <p>Widen the times, or choose all cameras.</p>
      </Empty>
    );
  }
  // A pattern has no alike texts: it already stands for many.
  const hasAlike = query.mode !== 'fuzzy' && !/[?*]/.test(query.q);
  return (
    <Empty icon="search" title={`Nothing found for ${query.q}.`}>
      {hasAlike && <a href={alike}>Search for alike texts</a>}
      {asksForReads({ ...query, q: '' }) && <a href={free}>Search without filters</a>}
      <p>A star stands for any characters, a question mark for one.</p>
    </Empty>
  );
}

function Suggestions() {
  const stats = useCell(useServices().feed.stats);
  const top = stats?.top_plates.slice(0, 8) ?? [];
  return (
    <Empty icon="search" title="Search every plate that was read.">
      <p>
        Type a whole plate or its beginning. <code>A?C*9</code> looks for a pattern, and a text that was misread is
        found by its look-alikes. Without a text, a camera and two times list everything that passed.
      </p>
      {top.length > 0 && (
        <p class="suggestions">
          {top.map(({ text, events }) => (
            <a key={text} href={formatRoute({ screen: 'search', query: { ...EMPTY_QUERY, q: text } })}>
              {text} <small>{events}</small>
            </a>
          ))}
        </p>
      )}
    </Empty>
  );
}

type Search = Readonly<{
  found?: SearchAnswer;
  error?: unknown;
  loading: boolean;
  more: () => void;
  retry: () => void;
}>;

function useSearch(query: SearchQuery): Search {
  const { searches } = useServices();
  const key = formatQuery(query);
  const [found, setFound] = useState(searches.get(key));
  const [error, setError] = useState<unknown>();
  const [loading, setLoading] = useState(false);
  const load = useCallback(
    async (before: SearchAnswer | undefined) => {
      setLoading(true);
      try {
        const page = await searchEvents(query, before?.next ?? null);
        const all = { ...page, results: [...(before?.results ?? []), ...page.results] };
        searches.set(key, all);
        setFound(all);
        setError(undefined);
      } catch (failure) {
        setError(failure);
      }
      setLoading(false);
    },
    [key, query, searches],
  );
  useEffect(() => void load(undefined), [load]);
  return { ...(found && { found }), error, loading, more: () => void load(found), retry: () => void load(undefined) };
}
