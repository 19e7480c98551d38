import { useState } from 'preact/hooks';
import type { Token } from '../../contract/api/tokens.ts';
import { useAnswer } from '../data/answer.ts';
import { ListExport } from '../parts/export-buttons.tsx';
import { Icon } from '../parts/icon.tsx';
import { Empty, Problem, Skeleton } from '../parts/notice.tsx';
import { ScopeText } from '../parts/scope.tsx';
import { useWords } from '../speech.tsx';
import type { Words } from '../words.ts';
import { NewTokenDialog } from './new-token-dialog.tsx';
import { RevokeDialog, RotateDialog } from './token-dialogs.tsx';
import { fetchTokens } from './tokens-client.ts';
import '../styles/table.css';

/** What is open over the list. */
type Open = Readonly<{ kind: 'new' }> | Readonly<{ kind: 'rotate' | 'revoke'; token: Token }>;

/** The tokens of programs: what each opens, until when, and whether it is used. */
export function TokensScreen() {
  const { t } = useWords();
  const { value, error, retry } = useAnswer('tokens', fetchTokens);
  const [open, setOpen] = useState<Open>();
  const close = () => {
    setOpen(undefined);
    retry();
  };
  return (
    <main class="screen tokens" id="content">
      <header class="screen-head">
        <h1>{t.frame.names.tokens}</h1>
        <button type="button" class="button button-main" onClick={() => setOpen({ kind: 'new' })}>
          <Icon name="plus" /> {t.tokens.create}
        </button>
      </header>
      {error !== undefined && <Problem error={error} retry={retry} />}
      {value === undefined && error === undefined && <Skeleton rows={3} kind="row" />}
      {value?.tokens.length === 0 && (
        <Empty icon="token" title={t.tokens.none}>
          {t.tokens.noneMeans}
        </Empty>
      )}
      {value !== undefined && value.tokens.length > 0 && <TokenTable tokens={value.tokens} onOpen={setOpen} />}
      <ListExport list={{ path: '/tokens', rows: 'tokens' }} />
      {open?.kind === 'new' && <NewTokenDialog onClose={close} />}
      {open?.kind === 'rotate' && <RotateDialog token={open.token} onClose={close} />}
      {open?.kind === 'revoke' && <RevokeDialog token={open.token} onClose={close} />}
    </main>
  );
}

function TokenTable({ tokens, onOpen }: { tokens: readonly Token[]; onOpen: (open: Open) => void }) {
  const words = useWords();
  const { t } = words;
  return (
    <table class="table panel">
      <thead>
        <tr>
          <th scope="col">{t.tokens.name}</th>
          <th scope="col">{t.people.permissions}</th>
          <th scope="col">{t.people.scope}</th>
          <th scope="col">{t.tokens.lastUse}</th>
          <th scope="col">{t.tokens.ends}</th>
          <th scope="col">
            <span class="spoken">{t.people.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <tr key={token.id} class={isOver(token) ? 'row-off' : ''}>
            <th scope="row">
              {token.name} {token.created_by && <span class="quiet">{t.tokens.by(token.created_by)}</span>}
            </th>
            <td data-name={t.people.permissions}>
              {token.permissions.map((permission) => t.people.permissionNames[permission]).join(', ')}
            </td>
            <td data-name={t.people.scope}>
              <ScopeText scope={token.scope} />
            </td>
            <td data-name={t.tokens.lastUse}>
              {token.last_used_at === null ? t.people.never : words.away(Date.parse(token.last_used_at), Date.now())}
            </td>
            <td data-name={t.tokens.ends}>{describeEnd(token, words)}</td>
            <td class="table-actions">
              {!isOver(token) && (
                <>
                  <button
                    type="button"
                    class="button"
                    aria-label={t.tokens.rotateOf(token.name)}
                    onClick={() => onOpen({ kind: 'rotate', token })}
                  >
                    {t.tokens.rotate}
                  </button>
                  <button
                    type="button"
                    class="button"
                    aria-label={t.tokens.revokeOf(token.name)}
                    onClick={() => onOpen({ kind: 'revoke', token })}
                  >
                    {t.tokens.revoke}
                  </button>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function isOver({ revoked_at, expires_at }: Token): boolean {
  return revoked_at !== null || (expires_at !== null && Date.parse(expires_at) <= Date.now());
}

function describeEnd({ revoked_at, expires_at, former_until }: Token, { t, day, away }: Words): string {
  if (revoked_at !== null) return t.tokens.revoked(day(revoked_at));
  const end = expires_at === null ? t.people.never : `${day(expires_at)}, ${away(Date.parse(expires_at), Date.now())}`;
  const isOverlapping = former_until !== null && Date.parse(former_until) > Date.now();
  return isOverlapping ? `${end}; ${t.tokens.formerUntil(day(former_until))}` : end;
}
