import './files.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatBytes } from '../bytes.ts';
import { type Load, type Progress, saveFile } from '../data/download.ts';
import { useWords } from '../speech.tsx';
import { Icon } from './icon.tsx';
import { Problem } from './notice.tsx';

type State =
  | Readonly<{ at: 'rest'; saved?: string; error?: unknown }>
  | Readonly<{ at: 'running'; progress: Progress | undefined }>;

/** A button that fetches a file, shows how far it is, and can be stopped. */
export function DownloadButton({ load, label, main = false }: { load: Load; label: string; main?: boolean }) {
  const { t } = useWords();
  const [state, setState] = useState<State>({ at: 'rest' });
  const abort = useRef<AbortController>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  const start = async () => {
    abort.current = new AbortController();
    const { signal } = abort.current;
    setState({ at: 'running', progress: undefined });
    try {
      const file = await load({ signal, onProgress: (progress) => setState({ at: 'running', progress }) });
      saveFile(file);
      setState({ at: 'rest', saved: file.name });
    } catch (error) {
      if (!signal.aborted) setState({ at: 'rest', error });
      else setState({ at: 'rest' });
    }
  };
  return (
    <span class="download">
      {state.at === 'running' ? (
        <>
          <Running progress={state.progress} />
          <button type="button" class="button" onClick={() => abort.current?.abort()}>
            {t.frame.cancel}
          </button>
        </>
      ) : (
        <button type="button" class={main ? 'button button-main' : 'button'} onClick={() => void start()}>
          <Icon name="download" /> {label}
        </button>
      )}
      {state.at === 'rest' && state.saved !== undefined && (
        <span class="quiet" role="status">
          {t.files.saved(state.saved)}
        </span>
      )}
      {state.at === 'rest' && state.error !== undefined && <Problem error={state.error} retry={() => void start()} />}
    </span>
  );
}

/** Rows where they are counted, otherwise bytes. */
function Running({ progress }: { progress: Progress | undefined }) {
  const words = useWords();
  const { t, number } = words;
  const { bytes = 0, rows = 0, total } = progress ?? {};
  // CSV has a line of titles, too.
  const done = Math.min(rows, total ?? rows);
  return (
    <span class="download-running">
      {total === undefined ? (
        <progress aria-label={t.files.running} />
      ) : (
        <progress aria-label={t.files.running} max={Math.max(1, total)} value={done} />
      )}
      <span class="quiet">
        {total !== undefined && t.files.rows(number(done), number(total))}
        {total === undefined && (bytes > 0 ? formatBytes(bytes, words) : t.files.soFar(number(rows)))}
      </span>
    </span>
  );
}
