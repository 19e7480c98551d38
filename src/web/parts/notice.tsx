import type { ComponentChildren } from 'preact';
import { explainError } from '../data/explain-error.ts';
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
  const { code, message, again } = explainError(error);
  return (
    <div class="problem" role="alert">
      <Icon name="warning" />
      <p>
        {message} <code>{code}</code>
      </p>
      {retry && again && (
        <button type="button" class="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** Grey lines in place of what is being fetched. */
export function Skeleton({ rows, kind = 'line' }: { rows: number; kind?: 'line' | 'row' | 'tile' }) {
  return (
    <div class="skeletons" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} class={`skeleton skeleton-${kind}`} />
      ))}
    </div>
  );
}
