import { useId, useState } from 'preact/hooks';
import type { Role, Scope } from '../../contract/access.ts';
import type { Invited, Person } from '../../contract/api/people.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Field, Form, TextInput, useAction } from '../parts/form.tsx';
import { isNowhere, ScopeField, tidyScope } from '../parts/scope-field.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { InvitationLink } from './invitation-link.tsx';
import { addPerson, changePerson } from './people-client.ts';

const ROLES: readonly Role[] = ['admin', 'operator', 'viewer', 'auditor'];

/** Adds somebody, or changes what somebody may do and see. */
export function PersonDialog({ person, onClose }: { person?: Person; onClose: () => void }) {
  const { t } = useWords();
  const { who } = useServices();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>(person?.role ?? 'viewer');
  const [scope, setScope] = useState<NonNullable<Scope> | null>(person ? person.scope : who.scope);
  const [invited, setInvited] = useState<Invited>();
  const action = useAction(async () => {
    const given = { role, scope: tidyScope(scope) };
    if (person === undefined) return setInvited(await addPerson({ ...given, name: name.trim() }));
    await changePerson(person.id, given);
    return onClose();
  });
  const title = person ? t.people.changeOf(person.name) : t.people.add;
  return (
    <Dialog title={title} onClose={onClose}>
      {invited !== undefined && <InvitationLink invited={invited} />}
      {invited === undefined && (
        <Form action={action} submit={person ? t.account.save : t.people.add} isReady={!isNowhere(scope)}>
          {person === undefined && (
            <Field name={t.entrance.name}>
              {(field) => <TextInput {...field} value={name} onValue={setName} maxLength={64} required />}
            </Field>
          )}
          <RoleField role={role} onRole={setRole} />
          <ScopeField scope={scope} onScope={setScope} />
        </Form>
      )}
    </Dialog>
  );
}

function RoleField({ role, onRole }: { role: Role; onRole: (role: Role) => void }) {
  const { t } = useWords();
  const name = useId();
  return (
    <fieldset>
      <legend>{t.people.role}</legend>
      {ROLES.map((one) => (
        <label key={one} class="choice">
          <input type="radio" name={name} checked={one === role} onChange={() => onRole(one)} />
          <span>
            <b>{t.people.roles[one]}</b> <span class="form-hint">{t.people.roleMeans[one]}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
