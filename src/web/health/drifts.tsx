import type { Drift } from '../../contract/api/camera-quality.ts';
import { DRIFTED } from '../../contract/camera-advice.ts';
import { Bar } from '../parts/plate.tsx';
import { useWords } from '../speech.tsx';
import type { Words } from '../words.ts';
import { nameQuantity, nameShare, tellQuantity } from './say-drift.ts';

/** How the reads of the newest day differ from those of the 14 days before, a small picture for each quantity. */
export function Drifts({ drifts }: { drifts: readonly Drift[] }) {
  const words = useWords();
  const { drift: texts } = words.t.health;
  return (
    <section class="panel" aria-labelledby="drift">
      <h2 id="drift">{texts.title}</h2>
      <p class="quiet">{drifts.length === 0 ? texts.few : texts.means}</p>
      <div class="drifts">
        {drifts.map((drift) => (
          <figure key={drift.what} data-drift={drift.what}>
            <figcaption>
              <b>{nameQuantity(drift.what, words)}</b>{' '}
              {drift.psi >= DRIFTED && <span class="drifted">{texts.changed}</span>}
              <Means drift={drift} />
            </figcaption>
            <Bins drift={drift} />
          </figure>
        ))}
      </div>
    </section>
  );
}

function Means({ drift: { what, now, before } }: { drift: Drift }) {
  const words = useWords();
  if (now === null || before === null) return null;
  return (
    <p class="quiet">
      {tellQuantity(what, now, words)}, {words.t.health.usually(tellQuantity(what, before, words))}
    </p>
  );
}

function Bins({ drift: { what, bins } }: { drift: Drift }) {
  const words = useWords();
  const { t, percent } = words;
  return (
    <table class="drift-bins">
      <thead class="quiet">
        <tr>
          <th scope="col">{nameQuantity(what, words)}</th>
          <th scope="col">{t.health.drift.now}</th>
          <th scope="col">{t.health.drift.before}</th>
        </tr>
      </thead>
      <tbody>
        {bins.map((bin) => (
          <tr key={`${bin.low} ${bin.region}`}>
            <th scope="row">{what === 'region' ? nameShare(bin.region, words) : nameRange(what, bin, words)}</th>
            <td title={t.health.drift.now}>
              <Bar p={bin.now} tone="now" /> {percent(bin.now)}
            </td>
            <td title={t.health.drift.before} class="quiet">
              <Bar p={bin.before} /> {percent(bin.before)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Range = Pick<Drift['bins'][number], 'low' | 'high'>;

function nameRange(what: Drift['what'], { low, high }: Range, words: Words): string {
  const { between, below, above } = words.t.health.drift;
  const told = (value: number) => tellQuantity(what, value, words);
  if (low === null) return high === null ? '' : below(told(high));
  return high === null ? above(told(low)) : between(told(low), told(high));
}
