import { useState } from 'preact/hooks';
import type { ShownVersion } from '../../contract/api/models.ts';
import { useCell } from '../data/cell.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Form, useAction } from '../parts/form.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { useModelWords } from './model-words.tsx';
import { endTrial, promote, rollBack, tryOn } from './models-client.ts';

type DialogOptions = Readonly<{ version: ShownVersion; onClose: () => void }>;

/** Asks before all cameras run a version. */
export function PromoteDialog({ version: { model, version }, onClose }: DialogOptions) {
  const m = useModelWords();
  const action = useAction(async () => {
    await promote(model, version);
    onClose();
  });
  return (
    <Dialog title={m.promoteOf(`${model} ${version}`)} onClose={onClose}>
      <Form action={action} submit={m.promote}>
        <p>{m.promoteMeans}</p>
      </Form>
    </Dialog>
  );
}

/** Chooses the cameras that run a version first. */
export function CanaryDialog({ version: { model, version, canary_cameras }, onClose }: DialogOptions) {
  const { t } = useWords();
  const m = useModelWords();
  const { feed } = useServices();
  const [chosen, setChosen] = useState(canary_cameras);
  const cameras = useCell(feed.cameras) ?? [];
  const known = new Map(cameras.map(({ camera_id, name }) => [camera_id, name || camera_id]));
  const ids = [...new Set([...known.keys(), ...canary_cameras])];
  const action = useAction(async () => {
    await tryOn(model, version, chosen);
    onClose();
  });
  const toggle = (id: string) =>
    setChosen(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <Dialog title={m.tryOf(`${model} ${version}`)} onClose={onClose}>
      <Form action={action} submit={m.tryOn}>
        <p>{m.tryMeans}</p>
        <fieldset>
          <legend>{t.frame.cameras}</legend>
          {ids.map((id) => (
            <label key={id} class="choice">
              <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} /> {known.get(id) ?? id}
            </label>
          ))}
        </fieldset>
      </Form>
    </Dialog>
  );
}

/** Asks before the trial of a version ends. */
export function EndTrialDialog({ version: { model, version }, onClose }: DialogOptions) {
  const m = useModelWords();
  const action = useAction(async () => {
    await endTrial(model, version);
    onClose();
  });
  return (
    <Dialog title={m.endTrialOf(`${model} ${version}`)} onClose={onClose}>
      <Form action={action} submit={m.endTrial}>
        <p>{m.endTrialMeans}</p>
      </Form>
    </Dialog>
  );
}

/** Asks before the champion gives way to the one before it. */
export function RollBackDialog({ version: { model, version }, onClose }: DialogOptions) {
  const m = useModelWords();
  const action = useAction(async () => {
    await rollBack(model);
    onClose();
  });
  return (
    <Dialog title={m.rollBackOf(model)} onClose={onClose}>
      <Form action={action} submit={m.rollBack}>
        <p>{m.rollBackMeans(version)}</p>
      </Form>
    </Dialog>
  );
}
