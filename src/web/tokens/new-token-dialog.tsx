import { useState } from 'preact/hooks';
import type { Permission, Scope } from '../../contract/access.ts';
import type { FreshToken } from '../../contract/api/tokens.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Field, Form, TextInput, useAction } from '../parts/form.tsx';
import { isNowhere, ScopeField, tidyScope, toggle } from '../parts/scope-field.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { TokenSecret } from './token-dialogs.tsx';
import { createToken } from './tokens-client.ts';

const DAY_MS = 86_400_000;
/** Days until a token ends; zero is never. */
const LIFETIMES = [30, 90, 365, 0] as const;

/** Makes a token with at most what its maker may do and see. */
export function NewTokenDialog({ onClose }: { onClose: () => void }) {
  const { t, countOf } = useWords();
  const { who } = useServices();
  const [name, setName] = useState('');
  const [permissions, setPermissions] = useState<readonly Permission[]>([]);
  const [scope, setScope] = useState<NonNullable<Scope> | null>(who.scope);
  const [days, setDays] = useState(90);
  const [fresh, setFresh] = useState<FreshToken>();
  const action = useAction(async () => {
    const expires_at = days === 0 ? null : new Date(Date.now() + days * DAY_MS).toISOString();
    setFresh(await createToken({ name: name.trim(), permissions, scope: tidyScope(scope), expires_at }));
  });
  return (
    <Dialog title={t.tokens.create} onClose={onClose}>
      {fresh !== undefined && <TokenSecret fresh={fresh} />}
      {fresh === undefined && (
        <Form action={action} submit={t.tokens.create} isReady={permissions.length > 0 && !isNowhere(scope)}>
          <Field name={t.tokens.name} hint={t.tokens.nameHint}>
            {(field) => <TextInput {...field} value={name} onValue={setName} maxLength={64} required />}
          </Field>
          <fieldset>
            <legend>{t.people.permissions}</legend>
            <div class="choices choices-columns">
              {who.permissions.map((permission) => (
                <label key={permission} class="choice">
                  <input
                    type="checkbox"
                    checked={permissions.includes(permission)}
                    onChange={() => setPermissions(toggle(permissions, permission))}
                  />
                  {t.people.permissionNames[permission]}
                </label>
              ))}
            </div>
          </fieldset>
          <ScopeField scope={scope} onScope={setScope} />
          <Field name={t.tokens.endsAfter}>
            {(field) => (
              <select {...field} value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>
                {LIFETIMES.map((lifetime) => (
                  <option key={lifetime} value={lifetime}>
                    {lifetime === 0 ? t.people.never : countOf(lifetime, t.frame.days)}
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
