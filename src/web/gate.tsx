import type { ComponentChildren } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { Cell, useCell } from './data/cell.ts';
import { Feed } from './data/feed.ts';
import { WANTED } from './data/request.ts';
import type { Who } from './data/session.ts';
import { isLanguage } from './languages/languages.ts';
import { Loaded } from './parts/loaded.tsx';
import { Problem } from './parts/notice.tsx';
import { readSetUpLink } from './route.ts';
import type { ScreenCode } from './screen-code.ts';
import { type Services, ServicesContext, useFrame } from './services.ts';
import { rememberPreferences } from './speech.tsx';

/** Shows the page to those who have signed in, and to all others the way in. Whoever is signed out comes back to the same screen. */
export function Gate({ code, children }: { code: ScreenCode; children: ComponentChildren }) {
  const { session } = useFrame();
  const state = useCell(session.state);
  useEffect(() => {
    const ask = () => void session.refresh();
    ask();
    window.addEventListener(WANTED.SIGN_IN, ask);
    return () => window.removeEventListener(WANTED.SIGN_IN, ask);
  }, [session]);
  const link = readSetUpLink(location);
  if (state.state === 'asking') return null;
  if (state.state === 'failed') {
    return (
      <main class="screen" id="content">
        <Problem error={state.error} retry={() => void session.refresh()} />
      </main>
    );
  }
  if (link !== undefined || state.state === 'out') return <Loaded lazy={code.entrance} props={{ link }} />;
  return (
    <SignedIn key={state.who.id} who={state.who}>
      {children}
    </SignedIn>
  );
}

/** Everything that a person has seen goes with them: the next one begins with a feed of their own. */
function SignedIn({ who, children }: { who: Who; children: ComponentChildren }) {
  const { preferences } = useFrame();
  const { language, time_zone, permissions } = who;
  const kept = useMemo(() => ({ feed: new Feed(), searches: new Map(), listed: new Cell<readonly string[]>([]) }), []);
  const services = useMemo<Services>(
    () => ({ ...kept, who, may: (permission) => permissions.includes(permission) }),
    [who],
  );
  const seesReads = permissions.includes('events:read');
  useEffect(() => (seesReads ? kept.feed.start() : undefined), [seesReads]);
  useEffect(() => {
    const chosen = { language: isLanguage(language) ? language : undefined, zone: time_zone ?? undefined };
    rememberPreferences(chosen);
    preferences.set(chosen);
  }, [language, time_zone]);
  return <ServicesContext.Provider value={services}>{children}</ServicesContext.Provider>;
}
