import type { KeptChannel } from '../../contract/api/channels.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Form, useAction } from '../parts/form.tsx';
import { useWords } from '../speech.tsx';
import { removeChannel } from './channels-client.ts';

type RemoveOptions = Readonly<{ channel: KeptChannel['channel']; onClose: () => void }>;

/** Deletes a channel once somebody has read what follows. */
export function RemoveChannelDialog({ channel, onClose }: RemoveOptions) {
  const { t } = useWords();
  const action = useAction(async () => {
    await removeChannel(channel.id);
    onClose();
  });
  return (
    <Dialog title={t.channels.deedsOf.remove(channel.name)} onClose={onClose}>
      <Form action={action} submit={t.channels.deeds.remove}>
        <p>{t.channels.removeMeans}</p>
      </Form>
    </Dialog>
  );
}
