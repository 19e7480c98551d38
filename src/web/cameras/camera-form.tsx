import { useState } from 'preact/hooks';
import type { ManagedCamera, TriedCamera } from '../../contract/api/camera-settings.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Field, Form, TextInput, useAction } from '../parts/form.tsx';
import { Problem } from '../parts/notice.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { addCamera, changeCamera, tryCamera } from './cameras-client.ts';
import { readMarks, writeMarks } from './marks.ts';
import { MarksEditor } from './marks-editor.tsx';
import { TrialResult, usePicture } from './trial.tsx';

const KINDS = ['rtsp', 'http', 'usb', 'simulator'] as const;
/** Lower-case letters, digits, dashes and underscores, as the configuration wants it. */
const ID = '[a-z0-9][a-z0-9_\\-]{0,62}';

type CameraFormOptions = Readonly<{
  /** Undefined for a new one. */
  camera: ManagedCamera | undefined;
  sites: readonly string[];
  onDone: () => void;
}>;

/** One camera: where it is, what is drawn on its picture, and what an edge sees of it before it is kept. */
export function CameraForm({ camera, sites, onDone }: CameraFormOptions) {
  const { t } = useWords();
  const { may } = useServices();
  const [settings, setSettings] = useState<Readonly<Record<string, unknown>>>(camera?.settings ?? { kind: 'rtsp' });
  const [site, setSite] = useState(camera?.site ?? sites[0] ?? '');
  const [marks, setMarks] = useState(readMarks(settings));
  const [tried, setTried] = useState<TriedCamera>();
  const set = (name: string, value: unknown) => setSettings((before) => ({ ...before, [name]: value }));
  const wish = () => ({ ...(site && { site }), settings: tidy(writeMarks(settings, marks)) });
  const trial = useAction(async () => setTried(await tryCamera(wish())));
  const saving = useAction(async () => {
    await (camera ? changeCamera(camera.id, wish()) : addCamera(wish()));
    onDone();
  });
  const fresh = usePicture(tried?.picture);
  const { status } = camera ?? {};
  const live = status?.state === 'running' && may('images') ? `/cameras/${status.camera_id}/picture.jpg` : undefined;
  const size = tried?.picture ? tried : status;
  const text = (name: string) => (typeof settings[name] === 'string' ? settings[name] : '');
  const kind = text('kind');
  return (
    <Form action={saving} submit={camera ? t.cameras.save : t.cameras.add}>
      <div class="camera-fields">
        <Field name={t.cameras.kind}>
          {(field) => (
            <select {...field} value={kind} onChange={(event) => set('kind', event.currentTarget.value)}>
              {KINDS.map((one) => (
                <option key={one} value={one}>
                  {t.cameras.kinds[one]}
                </option>
              ))}
            </select>
          )}
        </Field>
        {!camera && (
          <Field name={t.cameras.id} hint={t.cameras.idHint}>
            {(field) => (
              <TextInput {...field} value={text('id')} onValue={(id) => set('id', id)} pattern={ID} required />
            )}
          </Field>
        )}
        <Field name={t.cameras.name}>
          {(field) => (
            <TextInput {...field} value={text('name')} onValue={(name) => set('name', name)} maxLength={200} />
          )}
        </Field>
        {sites.length > 1 && (
          <Field name={t.cameras.site}>
            {(field) => (
              <select {...field} value={site} onChange={(event) => setSite(event.currentTarget.value)}>
                {sites.map((one) => (
                  <option key={one} value={one}>
                    {one}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        {kind === 'usb' && (
          <Field name={t.cameras.device}>
            {(field) => (
              <TextInput
                {...field}
                value={text('device') || '/dev/video0'}
                onValue={(device) => set('device', device)}
              />
            )}
          </Field>
        )}
        {(kind === 'rtsp' || kind === 'http') && (
          <>
            <Field name={t.cameras.address} hint={t.cameras.addressHints[kind]}>
              {(field) => <TextInput {...field} value={text('url')} onValue={(url) => set('url', url)} required />}
            </Field>
            <Field name={t.cameras.username} hint={camera?.has_secrets ? t.cameras.kept : undefined}>
              {(field) => (
                <TextInput
                  {...field}
                  value={text('username')}
                  onValue={(name) => set('username', name)}
                  autocomplete="off"
                />
              )}
            </Field>
            <Field name={t.cameras.password}>
              {(field) => (
                <TextInput
                  {...field}
                  value={text('password')}
                  onValue={(password) => set('password', password)}
                  type="password"
                  autocomplete="new-password"
                />
              )}
            </Field>
          </>
        )}
      </div>
      <div class="form-end">
        <button type="button" class="button" disabled={trial.busy} onClick={trial.run}>
          {trial.busy ? t.cameras.trying : t.cameras.try}
        </button>
      </div>
      {trial.error !== undefined && <Problem error={trial.error} />}
      {tried && <TrialResult tried={tried} />}
      <MarksEditor
        marks={marks}
        onMarks={setMarks}
        picture={fresh ?? live}
        shape={size && size.height > 0 ? size.width / size.height : 16 / 9}
      />
      {camera?.yaml && (
        <details class="camera-yaml">
          <summary>{t.cameras.yaml}</summary>
          <p class="form-hint">{t.cameras.yamlMeans}</p>
          <pre>{camera.yaml}</pre>
          <CopyButton text={camera.yaml} />
        </details>
      )}
    </Form>
  );
}

/** What is empty is not asked for: it stays as it is, or has its default. */
function tidy(settings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const wanted = Object.entries(settings).filter(([, value]) => value !== '');
  const { kind, url, username, password, device, ...rest } = Object.fromEntries(wanted);
  if (kind === 'rtsp' || kind === 'http') {
    return { kind, url, ...rest, ...(username ? { username } : {}), ...(password ? { password } : {}) };
  }
  return kind === 'usb' ? { kind, device, ...rest } : { kind, ...rest };
}
