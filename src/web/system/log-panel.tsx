import { useEffect, useState } from 'preact/hooks';
import type { LogTailAnswer } from '../../contract/api/system.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Field, TextInput } from '../parts/form.tsx';
import { Problem } from '../parts/notice.tsx';
import { useWords } from '../speech.tsx';
import { fetchLog, type LogLevel } from './system-client.ts';

type Line = LogTailAnswer['lines'][number];

const EVERY_MS = 2000;
/** Lines that are shown at most; older ones are in the file of the log. */
const MOST = 500;
const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** The log of the process as it is written, from a level on and with a text; it stands still while paused. */
export function LogPanel() {
  const { t } = useWords();
  const [level, setLevel] = useState<LogLevel>('info');
  const [contains, setContains] = useState('');
  const [isPaused, setPaused] = useState(false);
  const { lines, error } = useLog({ level, contains, isPaused });
  return (
    <section class="panel log" aria-labelledby="log">
      <h2 id="log">{t.process.log}</h2>
      <div class="form log-tools">
        <Field name={t.process.level}>
          {(field) => (
            <select {...field} value={level} onChange={(event) => setLevel(event.currentTarget.value as LogLevel)}>
              {LEVELS.map((name) => (
                <option key={name} value={name}>
                  {t.process.levels[name]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field name={t.process.contains}>
          {(field) => <TextInput {...field} value={contains} onValue={setContains} maxLength={200} />}
        </Field>
        <button type="button" class="button" aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
          {isPaused ? t.process.goOn : t.process.pause}
        </button>
        <CopyButton text={lines.map(formatLine).join('\n')} />
      </div>
      {error !== undefined && <Problem error={error} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls with the keys */}
      <pre class="log-lines" tabIndex={0} role="log" aria-label={t.process.log}>
        <span>
          {lines.length === 0 ? t.process.noLines : lines.map((line) => <LogRow key={line.number} line={line} />)}
        </span>
      </pre>
    </section>
  );
}

function LogRow({ line }: { line: Line }) {
  const { time } = useWords();
  return (
    <span class={`log-line log-${line.level}`}>
      {`${time(line.time)} ${line.level} ${formatMessage(line)}`}
      {'\n'}
    </span>
  );
}

type Watched = Readonly<{ level: LogLevel; contains: string; isPaused: boolean }>;
type Seen = Readonly<{ lines: readonly Line[]; error?: unknown }>;

/** The lines so far, and those that come; another filter begins anew. */
function useLog({ level, contains, isPaused }: Watched): Seen {
  const [seen, setSeen] = useState<Seen>({ lines: [] });
  useEffect(() => {
    if (isPaused) return;
    const abort = new AbortController();
    let after = 0;
    let timer: number | undefined;
    const look = async () => {
      try {
        const { lines, newest } = await fetchLog({ level, contains, after }, abort.signal);
        const isFirst = after === 0;
        after = newest;
        setSeen((before) => ({ lines: [...(isFirst ? [] : before.lines), ...lines].slice(-MOST) }));
      } catch (error) {
        if (!abort.signal.aborted) setSeen((before) => ({ ...before, error }));
      }
      if (!abort.signal.aborted) timer = window.setTimeout(look, EVERY_MS);
    };
    void look();
    return () => {
      abort.abort();
      window.clearTimeout(timer);
    };
  }, [level, contains, isPaused]);
  return seen;
}

/** As it stands in the file of the log, but for the level in words. */
function formatLine(line: Line): string {
  return `${line.time} ${line.level} ${formatMessage(line)}`;
}

function formatMessage({ message, facts }: Line): string {
  const told = Object.entries(facts).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [message, ...told].join('  ');
}
