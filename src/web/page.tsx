import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { WANTED } from './data/request.ts';
import type { Who } from './data/session.ts';
import { focusRow, useKeyboard } from './keyboard.ts';
import { mayLeave } from './leave-guard.ts';
import { Loaded } from './parts/loaded.tsx';
import { Empty } from './parts/notice.tsx';
import type { Turn } from './read/read-screen.tsx';
import { useNeighbours } from './read/use-neighbours.ts';
import { formatRoute, parseRoute, type Route } from './route.ts';
import type { ScreenCode } from './screen-code.ts';
import { findHome, maySee } from './screens.ts';
import { useServices } from './services.ts';
import { Announcer } from './shell/announcer.tsx';
import { ConnectionBanner } from './shell/banner.tsx';
import { Help } from './shell/help.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { useWords } from './speech.tsx';

/** The whole page: bar, banner, and the screen that the address names. */
export function Page({ code }: { code: ScreenCode }) {
  const { t } = useWords();
  const { who, may } = useServices();
  const { route, back, exchange } = useRoute(who);
  const [help, setHelp] = useState(false);
  const purpose = usePurpose();
  const { previous, next } = useNeighbours(route.screen === 'read' ? route.id : '');
  const actions = useMemo(
    () => ({
      search: () => may('search') && openSearch(),
      close: () => route.screen === 'read' && back(),
      help: () => setHelp(true),
      turn: (by: 1 | -1) => {
        const id = by === 1 ? next : previous;
        if (id !== undefined) exchange({ screen: 'read', id });
        return route.screen === 'read';
      },
    }),
    [route, may, back, exchange, previous, next],
  );
  useKeyboard(actions);
  return (
    <>
      <button type="button" class="skip" onClick={skipToContent}>
        {t.frame.skip}
      </button>
      <TopBar screen={route.screen} onHelp={actions.help} />
      {may('events:read') && <ConnectionBanner />}
      <Screen key={purpose.said} code={code} route={route} back={back} turn={{ previous, next, by: actions.turn }} />
      {may('events:read') && <Announcer />}
      {help && <Help screen={route.screen} onClose={() => setHelp(false)} />}
      {purpose.dialog && <Loaded lazy={code.purpose} props={purpose.dialog} isOver />}
    </>
  );
}

/** Asks for a purpose when the API wants one; once it is said, the screen asks again for what was refused. */
function usePurpose() {
  const { feed } = useServices();
  const [said, setSaid] = useState(0);
  const [isAsking, setAsking] = useState(false);
  useEffect(() => {
    const ask = () => setAsking(true);
    window.addEventListener(WANTED.PURPOSE_REQUIRED, ask);
    return () => window.removeEventListener(WANTED.PURPOSE_REQUIRED, ask);
  }, []);
  const onClose = () => setAsking(false);
  const onSaid = () => {
    onClose();
    setSaid(said + 1);
    void feed.refresh();
  };
  return { said, dialog: isAsking && { onSaid, onClose } };
}

type ScreenOptions = Readonly<{ code: ScreenCode; route: Route; back: () => void; turn: Turn }>;

function Screen({ code, route, back, turn }: ScreenOptions) {
  const { permissions } = useServices().who;
  if (route.screen === 'missing') return <Missing />;
  if (!maySee(route.screen, permissions)) return <NotAllowed />;
  if (route.screen === 'read') return <Loaded lazy={code.read} props={{ id: route.id, onClose: back, turn }} />;
  if ('id' in route)
    return <Loaded key={`${route.screen} ${route.id}`} lazy={code[route.screen]} props={{ id: route.id }} />;
  if (route.screen === 'plates') return <Loaded lazy={code.plates} props={{ text: route.text }} />;
  if (route.screen === 'search') return <Loaded lazy={code.search} props={{ query: route.query }} />;
  return <Loaded key={route.screen} lazy={code[route.screen]} props={{}} />;
}

function Missing() {
  const { t } = useWords();
  return (
    <main class="screen" id="content">
      <Empty icon="search" title={t.frame.names.missing}>
        {t.frame.missingWhy}
      </Empty>
    </main>
  );
}

function NotAllowed() {
  const { t } = useWords();
  return (
    <main class="screen" id="content">
      <Empty icon="warning" title={t.frame.notAllowed}>
        {t.frame.notAllowedWhy}
      </Empty>
    </main>
  );
}

/** The live wall is where everybody begins; who may not see it begins elsewhere, and who lacks a second factor adds it first. */
function chooseRoute(route: Route, { permissions, must_add_second_factor: mustAdd }: Who): Route {
  if (mustAdd) return { screen: 'account' };
  if (route.screen !== 'live' || maySee('live', permissions)) return route;
  return parseRoute(`#/${findHome(permissions)}`);
}

type Navigation = Readonly<{ route: Route; back: () => void; exchange: (route: Route) => void }>;

/**
 * Follows the address. `back` returns to the previous screen, or to the live wall if there was none. `exchange` shows
 * another screen in place of this one, so that `back` still leads where it did.
 */
function useRoute(who: Who): Navigation {
  const { t } = useWords();
  const [asked, setRoute] = useState(() => parseRoute(location.hash));
  const route = useMemo(() => chooseRoute(asked, who), [asked, who]);
  const before = useRef<Route>(undefined);
  const shown = useRef(asked);
  const exchanged = useRef(false);
  useEffect(() => {
    const follow = ({ oldURL }: HashChangeEvent) => {
      // An address that is put back announces nothing.
      if (!mayLeave()) return history.pushState(null, '', oldURL);
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
