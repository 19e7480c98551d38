import type { QualityDetail } from '../../contract/api/camera-quality.ts';
import { addressOfImage } from '../data/client.ts';
import { Time } from '../parts/time.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { wordFor } from '../words.ts';

/** The newest plates that nobody could read, each with the reason; pictures only for those who may see them. */
export function LostLooks({ looks }: { looks: QualityDetail['lost'] }) {
  const { t, number } = useWords();
  const mayLook = useServices().may('images');
  return (
    <section class="panel" aria-labelledby="lost-looks">
      <h2 id="lost-looks">{t.health.lostLooks}</h2>
      <p class="quiet">{looks.length === 0 ? t.health.noLostLooks : t.health.lostLooksMean}</p>
      <ul class="lost-looks">
        {looks.map(({ key, at, reason, char_height_px: height }) => (
          <li key={key}>
            <figure>
              {mayLook && <img src={addressOfImage(key)} alt={t.health.lostLook} loading="lazy" decoding="async" />}
              <figcaption>
                <b>{wordFor(t.read.rejections, reason)}</b>
                <span class="quiet">
                  <Time at={at} />, {t.health.pixelsHigh(number(height, 1))}
                </span>
              </figcaption>
            </figure>
          </li>
        ))}
      </ul>
    </section>
  );
}
