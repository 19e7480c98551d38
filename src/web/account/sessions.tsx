import type { SessionList } from '../../contract/api/auth.ts';
import { useAnswer } from '../data/answer.ts';
import { useAction } from '../parts/form.tsx';
import { Problem, Skeleton } from '../parts/notice.tsx';
import { useWords } from '../speech.tsx';
import { endSession, fetchSessions } from './account-client.ts';

type Entry = SessionList['sessions'][number];

/** Where the account is signed in, and a way to end it there. */
export function Sessions() {
  const { t } = useWords();
  const { value, error, retry } = useAnswer('sessions', fetchSessions);
  const endOthers = useAction(async () => {
    const others = value?.sessions.filter(({ current }) => !current) ?? [];
    await Promise.all(others.map(({ id }) => endSession(id)));
    retry();
  });
  return (
    <section class="panel sessions" aria-labelledby="sessions">
      <h2 id="sessions">{t.account.sessions}</h2>
      {error !== undefined && <Problem error={error} retry={retry} />}
      {value === undefined && error === undefined && <Skeleton rows={2} kind="row" />}
      <ul>
        {value?.sessions.map((session) => (
          <SessionRow key={session.id} session={session} onEnded={retry} />
        ))}
      </ul>
      {endOthers.error !== undefined && <Problem error={endOthers.error} />}
      {(value?.sessions.length ?? 0) > 1 && (
        <button type="button" class="button" disabled={endOthers.busy} onClick={endOthers.run}>
          {t.account.endOthers}
        </button>
      )}
    </section>
  );
}

function SessionRow({ session, onEnded }: { session: Entry; onEnded: () => void }) {
  const { t, away, minute } = useWords();
  const end = useAction(async () => {
    await endSession(session.id);
    onEnded();
  });
  const name = nameBrowser(session.user_agent) ?? (session.user_agent || t.account.unknownProgram);
  return (
    <li class="session">
      <div>
        <b>{name}</b> {session.current && <span class="chip">{t.account.thisOne}</span>}
        <p class="quiet" title={minute(session.last_used_at)}>
          {t.account.usedFrom(session.address, away(Date.parse(session.last_used_at), Date.now()))}
        </p>
        {end.error !== undefined && <Problem error={end.error} />}
      </div>
      {!session.current && (
        <button type="button" class="button" disabled={end.busy} aria-label={t.account.endOf(name)} onClick={end.run}>
          {t.account.end}
        </button>
      )}
    </li>
  );
}

/** A browser and its system out of what it says of itself: "Firefox, Linux". */
function nameBrowser(userAgent: string): string | undefined {
  const browsers = { Edg: 'Edge', OPR: 'Opera', Firefox: 'Firefox', Chrome: 'Chrome', Safari: 'Safari' };
  const systems = {
    Android: 'Android',
    iPhone: 'iPhone',
    iPad: 'iPad',
    Windows: 'Windows',
    Mac: 'macOS',
    Linux: 'Linux',
  };
  const find = (names: Readonly<Record<string, string>>) =>
    Object.entries(names).find(([sign]) => userAgent.includes(sign))?.[1];
  const browser = find(browsers);
  return browser && [browser, find(systems)].filter(Boolean).join(', ');
}
