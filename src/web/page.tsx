import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { focusRow, useKeyboard } from './keyboard.ts';
import { LiveScreen } from './live/live-screen.tsx';
import { ReadScreen } from './read/read-screen.tsx';
import { parseRoute, type Route } from './route.ts';
import { SearchScreen } from './search/search-screen.tsx';
import { Announcer } from './shell/announcer.tsx';
import { ConnectionBanner } from './shell/banner.tsx';
import { Help } from './shell/help.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { SystemScreen } from './system/system-screen.tsx';

/** The whole page: bar, banner, and the screen that the address names. */
export function Page() {
  const { route, back } = useRoute();
  const [help, setHelp] = useState(false);
  const actions = useMemo(
    () => ({ search: openSearch, close: () => route.screen === 'read' && back(), help: () => setHelp(true) }),
    [route, back],
  );
  useKeyboard(actions);
  return (
    <>
      <button type="button" class="skip" onClick={skipToContent}>
        Skip to the content
      </button>
      <TopBar screen={route.screen} onHelp={actions.help} />
      <ConnectionBanner />
      <Screen route={route} back={back} />
      <Announcer />
      {help && <Help onClose={() => setHelp(false)} />}
    </>
  );
}

function Screen({ route, back }: { route: Route; back: () => void }) {
  if (route.screen === 'read') return <ReadScreen key={route.id} id={route.id} onClose={back} />;
  if (route.screen === 'search') return <SearchScreen query={route.query} />;
  if (route.screen === 'system') return <SystemScreen />;
  return <LiveScreen />;
}

/** Follows the address. `back` returns to the previous screen, or to the live wall if there was none. */
function useRoute(): Readonly<{ route: Route; back: () => void }> {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  const before = useRef<Route>(undefined);
  const shown = useRef(route);
  useEffect(() => {
    const follow = () => {
      const next = parseRoute(location.hash);
      before.current = shown.current;
      shown.current = next;
      setRoute(next);
    };
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  useEffect(() => {
    document.title = `${nameScreen(route)} · OVR-ALPR`;
    if (before.current?.screen === 'read' && route.screen !== 'read') focusRow(before.current.id);
    else if (before.current?.screen !== route.screen || route.screen === 'read') window.scrollTo(0, 0);
  }, [route]);
  const back = useMemo(
    () => () => {
      if (before.current) history.back();
      else location.hash = '#/live';
    },
    [],
  );
  return { route, back };
}

function nameScreen(route: Route): string {
  const names = { live: 'Live', read: 'Read', search: 'Search', system: 'System' };
  return names[route.screen];
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
