import type { Invited } from '../../contract/api/people.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { useWords } from '../speech.tsx';

/** The link that somebody is to be given, which is shown this once. */
export function InvitationLink({ invited: { person, link } }: { invited: Invited }) {
  const { t } = useWords();
  const address = new URL(link, location.href).href;
  return (
    <div class="shown-once" role="status">
      <p>{t.people.giveLink(person.name)}</p>
      <code>{address}</code>
      <CopyButton text={address} />
    </div>
  );
}
