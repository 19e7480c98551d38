import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { focusRow, useKeyboard } from './keyboard.ts';
import { LiveScreen } from './live/live-screen.tsx';
import { useNeighbours } from './read/neighbours.ts';
import { ReadScreen, type Turn } from './read/read-screen.tsx';
import { formatRoute, parseRoute, type Route } from './route.ts';
import { SearchScreen } from './search/search-screen.tsx';
import { Announcer } from './shell/announcer.tsx';
import { ConnectionBanner } from './shell/banner.tsx';
import { Help } from './shell/help.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { useWords } from './speech.tsx';
import { SystemScreen } from './system/system-screen.tsx';

/** The whole page: bar, banner, and the screen that the address names. */
export function Page() {
  const { t } = useWords();
  const { route, back, exchange } = useRoute();
  const [help, setHelp] = useState(false);
  const { previous, next } = useNeighbours(route.screen === 'read' ? route.id : '');
  const actions = useMemo(
    () => ({
      search: openSearch,
      close: () => route.screen === 'read' && back(),
      help: () => setHelp(true),
      turn: (by: 1 | -1) => {
        const id = by === 1 ? next : previous;
        if (id !== undefined) exchange({ screen: 'read', id });
        return route.screen === 'read';
      },
    }),
    [route, back, exchange, previous, next],
  );
  useKeyboard(actions);
  return (
    <>
      <button type="button" class="skip" onClick={skipToContent}>
        {t.frame.skip}
      </button>
      <TopBar screen={route.screen} onHelp={actions.help} />
      <ConnectionBanner />
      <Screen route={route} back={back} turn={{ previous, next, by: actions.turn }} />
      <Announcer />
      {help && <Help onClose={() => setHelp(false)} />}
    </>
  );
}

function Screen({ route, back, turn }: { route: Route; back: () => void; turn: Turn }) {
  if (route.screen === 'read') return <ReadScreen id={route.id} onClose={back} turn={turn} />;
  if (route.screen === 'search') return <SearchScreen query={route.query} />;
  if (route.screen === 'system') return <SystemScreen />;
  return <LiveScreen />;
}

type Navigation = Readonly<{ route: Route; back: () => void; exchange: (route: Route) => void }>;

/**
 * Follows the address. `back` returns to the previous screen, or to the live wall if there was none. `exchange` shows
 * another screen in place of this one, so that `back` still leads where it did.
 */
function useRoute(): Navigation {
  const { t } = useWords();
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  const before = useRef<Route>(undefined);
  const shown = useRef(route);
  const exchanged = useRef(false);
  useEffect(() => {
    const follow = () => {
      const next = parseRoute(location.hash);
      if (!exchanged.current) before.current = shown.current;
      exchanged.current = false;
      shown.current = next;
      setRoute(next);
    };
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  useEffect(() => {
    document.title = `${t.frame.names[route.screen]} · OVR-ALPR`;
    if (before.current?.screen === 'read' && route.screen !== 'read') focusRow(before.current.id);
    else if (before.current?.screen !== route.screen || route.screen === 'read') window.scrollTo(0, 0);
  }, [route, t]);
  const back = useMemo(
    () => () => {
      if (before.current) history.back();
      else location.hash = '#/live';
    },
    [],
  );
  const exchange = useMemo(
    () => (other: Route) => {
      const address = formatRoute(other);
      // An address that stays the same announces nothing.
      if (address === location.hash) return;
      exchanged.current = true;
      location.replace(address);
    },
    [],
  );
  return { route, back, exchange };
}

function openSearch(): void {
  const box = document.querySelector<HTMLInputElement>('.search-box');
  if (box) box.select();
  else location.hash = '#/search';
}

function skipToContent(): void {
  const content = document.getElementById('content');
  content?.setAttribute('tabindex', '-1');
  content?.focus();
}
