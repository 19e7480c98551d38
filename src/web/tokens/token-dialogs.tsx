import { useState } from 'preact/hooks';
import type { FreshToken, Token } from '../../contract/api/tokens.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field, Form, useAction } from '../parts/form.tsx';
import { useWords } from '../speech.tsx';
import { revokeToken, rotateToken } from './tokens-client.ts';

const DAY_S = 86_400;
/** Days for which the former token works, too. */
const OVERLAPS = [0, 1, 7, 30] as const;

/** A token that was just made, shown this once. */
export function TokenSecret({ fresh }: { fresh: FreshToken }) {
  const { t } = useWords();
  return (
    <div class="shown-once" role="status">
      <p>{t.tokens.shownOnce}</p>
      <code>{fresh.secret}</code>
      <CopyButton text={fresh.secret} />
    </div>
  );
}

/** Replaces a token without a gap: the former one works for a while beside the new one. */
export function RotateDialog({ token, onClose }: { token: Token; onClose: () => void }) {
  const { t, countOf } = useWords();
  const [days, setDays] = useState(1);
  const [fresh, setFresh] = useState<FreshToken>();
  const action = useAction(async () => setFresh(await rotateToken(token.id, days * DAY_S)));
  return (
    <Dialog title={t.tokens.rotateOf(token.name)} onClose={onClose}>
      {fresh !== undefined && <TokenSecret fresh={fresh} />}
      {fresh === undefined && (
        <Form action={action} submit={t.tokens.rotate}>
          <Field name={t.tokens.overlap}>
            {(field) => (
              <select {...field} value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>
                {OVERLAPS.map((overlap) => (
                  <option key={overlap} value={overlap}>
                    {overlap === 0 ? t.tokens.noOverlap : countOf(overlap, t.frame.days)}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </Form>
      )}
    </Dialog>
  );
}

/** Ends a token at once. */
export function RevokeDialog({ token, onClose }: { token: Token; onClose: () => void }) {
  const { t } = useWords();
  const action = useAction(async () => {
    await revokeToken(token.id);
    onClose();
  });
  return (
    <Dialog title={t.tokens.revokeOf(token.name)} onClose={onClose}>
      <Form action={action} submit={t.tokens.revoke}>
        <p>{t.tokens.revokeMeans}</p>
      </Form>
    </Dialog>
  );
}
