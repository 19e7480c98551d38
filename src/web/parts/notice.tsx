import type { ComponentChildren } from 'preact';
import { explainError } from '../data/explain-error.ts';
import { useWords } from '../speech.tsx';
import { Icon, type IconName } from './icon.tsx';

/** Says that there is nothing to show, and what to do about it. */
export function Empty(props: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={props.icon} />
      <p class="empty-title">{props.title}</p>
      <div class="empty-text">{props.children}</div>
    </div>
  );
}

/** Shows an error in words, with its code. */
export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  const words = useWords();
  const { code, message, again } = explainError(error, words);
  return (
    <div class="problem" role="alert">
      <Icon name="warning" />
      <p>
        {message} <code>{code}</code>
      </p>
      {retry && again && (
        <button type="button" class="button" onClick={retry}>
          {words.t.frame.tryAgain}
        </button>
      )}
    </div>
  );
}

/** Grey lines in place of what is being fetched. */
export function Skeleton({ rows, kind = 'line' }: { rows: number; kind?: 'line' | 'row' | 'tile' }) {
  const { t } = useWords();
  return (
    <div class="skeletons" role="status" aria-label={t.frame.loading}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} class={`skeleton skeleton-${kind}`} />
      ))}
    </div>
  );
}
