import { useState } from 'preact/hooks';
import type { Invited, Person } from '../../contract/api/people.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Form, useAction } from '../parts/form.tsx';
import { useWords } from '../speech.tsx';
import { InvitationLink } from './invitation-link.tsx';
import { resetPerson } from './people-client.ts';

/** Takes somebody's password and sessions away, and makes the link to a new password. */
export function ResetDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const { t } = useWords();
  const [secondFactor, setSecondFactor] = useState(false);
  const [invited, setInvited] = useState<Invited>();
  const action = useAction(async () => setInvited(await resetPerson(person.id, { second_factor: secondFactor })));
  return (
    <Dialog title={t.people.resetOf(person.name)} onClose={onClose}>
      {invited !== undefined && <InvitationLink invited={invited} />}
      {invited === undefined && (
        <>
          <p class="quiet dialog-text">{t.people.resetMeans}</p>
          <Form action={action} submit={t.people.reset} onCancel={onClose}>
            {person.second_factor && (
              <label class="choice">
                <input type="checkbox" checked={secondFactor} onChange={() => setSecondFactor(!secondFactor)} />
                {t.people.resetSecondFactor}
              </label>
            )}
          </Form>
        </>
      )}
    </Dialog>
  );
}
