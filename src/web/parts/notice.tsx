import type { ComponentChildren } from 'preact';
import { RequestError } from '../data/client.ts';
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

/** Shows an error in the API's own words, with its code. */
export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  const { code, message } = explainError(error);
  return (
    <div class="problem" role="alert">
      <Icon name="warning" />
      <p>
        {message} <code>{code}</code>
      </p>
      {retry && (
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

function explainError(error: unknown): Readonly<{ code: string; message: string }> {
  if (error instanceof RequestError) return error;
  return { code: 'PAGE', message: error instanceof Error ? error.message : String(error) };
}
