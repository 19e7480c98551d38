import { useId } from 'preact/hooks';
import type { Scope } from '../../contract/access.ts';
import type { CameraStatus } from '../../contract/live.ts';
import { useCell } from '../data/cell.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { Field, TextInput } from './form.tsx';
import { Skeleton } from './notice.tsx';

type Places = NonNullable<Scope>;

/** Everywhere, or at chosen cameras and sites. */
export function ScopeField({ scope, onScope }: { scope: Places | null; onScope: (scope: Places | null) => void }) {
  const { t } = useWords();
  const name = useId();
  const { who, feed, may } = useServices();
  const cameras = useCell(feed.cameras);
  return (
    <fieldset>
      <legend>{t.people.scope}</legend>
      {who.scope === null && (
        <label class="choice">
          <input type="radio" name={name} checked={scope === null} onChange={() => onScope(null)} />
          {t.people.everywhere}
        </label>
      )}
      <label class="choice">
        <input
          type="radio"
          name={name}
          checked={scope !== null}
          onChange={() => onScope(scope ?? { cameras: [], sites: [] })}
        />
        {t.people.onlyThese}
      </label>
      {scope !== null && (
        <div class="choices">
          {cameras === undefined && may('events:read') && <Skeleton rows={2} />}
          {listCameras(cameras ?? [], scope).map(({ id, label }) => (
            <label key={id} class="choice">
              <input
                type="checkbox"
                checked={scope.cameras.includes(id)}
                onChange={() => onScope({ ...scope, cameras: toggle(scope.cameras, id) })}
              />
              {label}
            </label>
          ))}
          <Field name={t.people.sites} hint={t.people.sitesHint}>
            {(field) => (
              <TextInput
                {...field}
                value={scope.sites.join(', ')}
                onValue={(text) => onScope({ ...scope, sites: splitSites(text) })}
              />
            )}
          </Field>
          {isNowhere(scope) && (
            <p class="form-hint" role="status">
              {t.people.noPlace}
            </p>
          )}
        </div>
      )}
    </fieldset>
  );
}

/** Ids as they are sent: sites without the spaces and ends that typing leaves. */
export function tidyScope(scope: Places | null): Places | null {
  if (scope === null) return null;
  return { cameras: scope.cameras, sites: scope.sites.map((site) => site.trim()).filter((site) => site !== '') };
}

/** Whether whoever has this scope would see nothing at all. */
export function isNowhere(scope: Places | null): boolean {
  const tidy = tidyScope(scope);
  return tidy !== null && tidy.cameras.length + tidy.sites.length === 0;
}

/** A list with or without one of its entries. */
export function toggle<T>(list: readonly T[], entry: T): T[] {
  return list.includes(entry) ? list.filter((other) => other !== entry) : [...list, entry];
}

function splitSites(text: string): string[] {
  return text === '' ? [] : text.split(',').map((site, index) => (index === 0 ? site : site.replace(/^ /, '')));
}

/** The cameras there are, and those that were chosen before and are gone. */
function listCameras(
  cameras: readonly CameraStatus[],
  scope: Places,
): readonly Readonly<{ id: string; label: string }>[] {
  const known = cameras.map(({ camera_id, name }) => ({ id: camera_id, label: name || camera_id }));
  const gone = scope.cameras.filter((id) => !known.some((camera) => camera.id === id));
  return [...known, ...gone.map((id) => ({ id, label: id }))];
}
