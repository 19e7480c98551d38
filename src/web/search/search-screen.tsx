import { useCallback, useEffect, useState } from 'preact/hooks';
import type { SearchAnswer } from '../../contract/api/search.ts';
import { useCell } from '../data/cell.ts';
import { searchEvents, toSent } from '../data/client.ts';
import { RequestError } from '../data/request.ts';
import { ReadsExport } from '../parts/export-buttons.tsx';
import { Marked } from '../parts/marked.tsx';
import { Empty, Problem, Skeleton } from '../parts/notice.tsx';
import { ReadRow } from '../parts/read-row.tsx';
import { asksForReads, EMPTY_QUERY, formatQuery, formatRoute, type SearchQuery } from '../route.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { wordFor } from '../words.ts';
import { explainReason } from './explain-reason.ts';
import { SavedSearches } from './saved-searches.tsx';
import { SearchForm } from './search-form.tsx';

/** Search over all reads; the address contains the whole query, so that it can be shared. */
export function SearchScreen({ query }: { query: SearchQuery }) {
  const { t } = useWords();
  return (
    <main class="screen search" id="content">
      <h1 class="spoken">{t.frame.names.search}</h1>
      <SearchForm query={query} />
      <SavedSearches query={query} />
      <Answers query={query} />
    </main>
  );
}

function Answers({ query }: { query: SearchQuery }) {
  const { t } = useWords();
  if (!asksForReads(query)) return <Suggestions />;
  if (isBackwards(query)) return <Problem error={new RequestError('INPUT_INVALID', t.errors.backwards)} />;
  return <Results key={formatQuery(query)} query={query} />;
}

function isBackwards({ from, to }: SearchQuery): boolean {
  return Date.parse(from) > Date.parse(to);
}

function Results({ query }: { query: SearchQuery }) {
  const words = useWords();
  const { t } = words;
  const { found, error, loading, more, retry } = useSearch(query, words.zone);
  const { listed } = useServices();
  useEffect(() => listed.set(found?.results.map(({ event }) => event.event_id) ?? []), [found]);
  if (error !== undefined && found === undefined) return <Problem error={error} retry={retry} />;
  if (found === undefined) return <Skeleton rows={6} kind="row" />;
  if (found.results.length === 0) return <NothingFound query={query} />;
  const counted = words.countOf(found.results.length, t.frame.reads);
  const count = found.next === null ? counted : t.search.soFar(counted);
  return (
    <section aria-label={t.search.results}>
      <div class="found-top">
        <p class="quiet found-count" role="status">
          {query.q === ''
            ? t.search.newestFirst(count)
            : t.search.searchedBy(count, wordFor(t.search.modes, found.mode))}
        </p>
        <ReadsExport query={formatQuery(toSent(query, words.zone))} />
      </div>
      <ul class="rows rows-found">
        {found.results.map(({ event, reason }) => (
          <ReadRow key={event.event_id} event={event}>
            {query.q !== '' && <span class={`reason reason-${reason.kind}`}>{explainReason(reason, words)}</span>}
          </ReadRow>
        ))}
      </ul>
      {error !== undefined && <Problem error={error} retry={more} />}
      {found.next !== null && (
        <button type="button" class="button button-wide" disabled={loading} onClick={more}>
          {loading ? t.search.lookingFurther : t.search.showMore}
        </button>
      )}
    </section>
  );
}

function NothingFound({ query }: { query: SearchQuery }) {
  const { t } = useWords();
  const alike = formatRoute({ screen: 'search', query: { ...query, mode: 'fuzzy' } });
  const free = formatRoute({ screen: 'search', query: { ...EMPTY_QUERY, q: query.q, mode: query.mode } });
  if (query.q === '') {
    return (
      <Empty icon="search" title={t.search.noneFit}>
        <p>{t.search.widen}</p>
      </Empty>
    );
  }
  // A pattern has no alike texts: it already stands for many.
  const hasAlike = query.mode !== 'fuzzy' && !/[?*]/.test(query.q);
  return (
    <Empty icon="search" title={t.search.nothing(query.q)}>
      {hasAlike && <a href={alike}>{t.search.alike}</a>}
      {asksForReads({ ...query, q: '' }) && <a href={free}>{t.search.unfiltered}</a>}
      <p>{t.search.signs}</p>
    </Empty>
  );
}

function Suggestions() {
  const { t, number } = useWords();
  const stats = useCell(useServices().feed.stats);
  const top = stats?.top_plates.slice(0, 8) ?? [];
  return (
    <Empty icon="search" title={t.search.begin}>
      <p>
        <Marked text={t.search.how} />
      </p>
      {top.length > 0 && (
        <p class="suggestions">
          {top.map(({ text, events }) => (
            <a key={text} href={formatRoute({ screen: 'search', query: { ...EMPTY_QUERY, q: text } })}>
              {text} <small>{number(events)}</small>
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

function useSearch(query: SearchQuery, zone: string): Search {
  const { searches } = useServices();
  const key = `${formatQuery(query)} ${zone}`;
  const [found, setFound] = useState(searches.get(key));
  const [error, setError] = useState<unknown>();
  const [loading, setLoading] = useState(false);
  const load = useCallback(
    async (before: SearchAnswer | undefined) => {
      setLoading(true);
      try {
        const page = await searchEvents(query, zone, before?.next ?? null);
        const all = { ...page, results: [...(before?.results ?? []), ...page.results] };
        searches.set(key, all);
        setFound(all);
        setError(undefined);
      } catch (failure) {
        setError(failure);
      }
      setLoading(false);
    },
    [key, query, zone, searches],
  );
  useEffect(() => void load(undefined), [load]);
  return { ...(found && { found }), error, loading, more: () => void load(found), retry: () => void load(undefined) };
}
