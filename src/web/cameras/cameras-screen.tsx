import { useState } from 'preact/hooks';
import type { ManagedCamera } from '../../contract/api/camera-settings.ts';
import { useAnswer } from '../data/answer.ts';
import { useCell } from '../data/cell.ts';
import { CameraState } from '../parts/camera-state.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Form, useAction } from '../parts/form.tsx';
import { Icon } from '../parts/icon.tsx';
import { Empty, Problem, Skeleton } from '../parts/notice.tsx';
import { formatRoute } from '../route.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { CameraForm } from './camera-form.tsx';
import { fetchManaged, removeCamera, switchCamera } from './cameras-client.ts';
import '../styles/table.css';
import './cameras.css';

/** What is shown in place of the list, or over it. */
type Open = Readonly<{ kind: 'form' | 'remove'; camera: ManagedCamera | undefined }>;

/** All cameras: those of the file as they are, those of the page to be added, tried, changed, paused and removed. */
export function CamerasScreen() {
  const { t } = useWords();
  const { may } = useServices();
  const [open, setOpen] = useState<Open>();
  const { value, error, retry } = useAnswer('cameras', fetchManaged);
  const close = () => {
    setOpen(undefined);
    retry();
  };
  const isEditing = open?.kind === 'form';
  return (
    <main class="screen cameras" id="content">
      <header class="screen-head">
        <h1>{isEditing ? (open.camera?.id ?? t.cameras.add) : t.frame.names.cameras}</h1>
        {isEditing ? (
          <button type="button" class="button" onClick={close}>
            <Icon name="back" /> {t.frame.back}
          </button>
        ) : (
          <span class="cameras-ways">
            {may('system') && (
              <a class="button" href={formatRoute({ screen: 'health', id: undefined })}>
                {t.frame.names.health}
              </a>
            )}
            <button
              type="button"
              class="button button-main"
              onClick={() => setOpen({ kind: 'form', camera: undefined })}
            >
              <Icon name="plus" /> {t.cameras.add}
            </button>
          </span>
        )}
      </header>
      {error !== undefined && <Problem error={error} retry={retry} />}
      {value === undefined && error === undefined && <Skeleton rows={3} kind="row" />}
      {value !== undefined && isEditing && (
        <section class="panel camera-panel" aria-label={open.camera?.id ?? t.cameras.add}>
          <CameraForm camera={open.camera} sites={value.sites} onDone={close} />
        </section>
      )}
      {value?.cameras.length === 0 && !isEditing && (
        <Empty icon="camera" title={t.cameras.none}>
          {t.cameras.noneMeans}
        </Empty>
      )}
      {value !== undefined && value.cameras.length > 0 && !isEditing && (
        <CameraTable cameras={value.cameras} onOpen={setOpen} onChanged={retry} />
      )}
      {open?.kind === 'remove' && open.camera && <RemoveDialog camera={open.camera} onClose={close} />}
    </main>
  );
}

type TableOptions = Readonly<{
  cameras: readonly ManagedCamera[];
  onOpen: (open: Open) => void;
  onChanged: () => void;
}>;

function CameraTable({ cameras, onOpen, onChanged }: TableOptions) {
  const { t } = useWords();
  return (
    <table class="table panel">
      <thead>
        <tr>
          <th scope="col">{t.frame.camera}</th>
          <th scope="col">{t.cameras.state}</th>
          <th scope="col">{t.cameras.readRate}</th>
          <th scope="col">{t.cameras.origin}</th>
          <th scope="col">
            <span class="spoken">{t.people.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {cameras.map((camera) => (
          <CameraRow key={camera.id} camera={camera} onOpen={onOpen} onChanged={onChanged} />
        ))}
      </tbody>
    </table>
  );
}

type RowOptions = Readonly<{ camera: ManagedCamera; onOpen: (open: Open) => void; onChanged: () => void }>;

function CameraRow({ camera, onOpen, onChanged }: RowOptions) {
  const { t, percent } = useWords();
  const { feed } = useServices();
  const { id, site, origin, paused } = camera;
  const live = useCell(feed.cameras)?.find(({ camera_id }) => camera_id === id);
  const status = live ?? camera.status;
  const name = status?.name ?? nameIn(camera.settings) ?? id;
  const ended = (status?.passages ?? 0) + (status?.passages_lost ?? 0);
  const switching = useAction(async () => {
    await switchCamera(id, paused ? 'resume' : 'pause');
    onChanged();
  });
  return (
    <tr class={paused ? 'row-off' : ''} data-camera={id}>
      <th scope="row">
        {name} <span class="quiet">{[id, site].filter(Boolean).join(', ')}</span>
      </th>
      <td data-name={t.cameras.state}>
        {paused ? t.cameras.paused : status ? <CameraState camera={status} /> : t.cameras.waiting}
        {!paused && status?.message && status.state !== 'running' && <p class="quiet">{status.message}</p>}
      </td>
      <td data-name={t.cameras.readRate}>{ended === 0 ? '–' : percent((status?.passages ?? 0) / ended)}</td>
      <td data-name={t.cameras.origin}>{t.cameras.origins[origin]}</td>
      <td class="table-actions">
        {origin === 'page' && (
          <>
            <button
              type="button"
              class="button"
              aria-label={t.cameras.changeOf(name)}
              onClick={() => onOpen({ kind: 'form', camera: { ...camera, status } })}
            >
              {t.cameras.change}
            </button>
            <button
              type="button"
              class="button"
              aria-label={paused ? t.cameras.resumeOf(name) : t.cameras.pauseOf(name)}
              disabled={switching.busy}
              onClick={switching.run}
            >
              {paused ? t.cameras.resume : t.cameras.pause}
            </button>
            <button
              type="button"
              class="button"
              aria-label={t.cameras.removeOf(name)}
              onClick={() => onOpen({ kind: 'remove', camera })}
            >
              {t.cameras.remove}
            </button>
          </>
        )}
        {switching.error !== undefined && <Problem error={switching.error} />}
      </td>
    </tr>
  );
}

function RemoveDialog({ camera, onClose }: { camera: ManagedCamera; onClose: () => void }) {
  const { t } = useWords();
  const action = useAction(async () => {
    await removeCamera(camera.id);
    onClose();
  });
  return (
    <Dialog title={t.cameras.removeOf(camera.status?.name ?? camera.id)} onClose={onClose}>
      <Form action={action} submit={t.cameras.remove}>
        <p>{t.cameras.removeMeans}</p>
      </Form>
    </Dialog>
  );
}

function nameIn(settings: ManagedCamera['settings']): string | undefined {
  return typeof settings?.name === 'string' ? settings.name : undefined;
}
