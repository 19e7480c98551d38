import type { ShadowDifference } from '../../contract/api/models.ts';
import { Icon } from '../parts/icon.tsx';
import { StoredPicture } from '../parts/picture.tsx';
import { Time } from '../parts/time.tsx';
import { formatRoute } from '../route.ts';
import { useWords } from '../speech.tsx';
import { type MarkedChar, markDifferences } from './mark-differences.ts';
import { useModelWords } from './model-words.tsx';

/** One read in which both differ: the plate, both texts with what differs, and who was right. */
export function DifferenceCard({ difference }: { difference: ShadowDifference }) {
  const m = useModelWords();
  const { event_id: id, picture, reader, challenger, right, truth } = difference;
  const where = difference.camera_name || difference.camera_id;
  const [read, challenged] = markDifferences(reader.text, challenger.text);
  return (
    <li class="panel difference" data-event={id}>
      <a href={formatRoute({ screen: 'read', id })} aria-label={m.open(reader.text)}>
        <StoredPicture picture={picture ?? undefined} alt={m.plateOf(where)} lazy />
      </a>
      <dl>
        <Said name={m.reader} chars={read} confidence={reader.confidence} isRight={right === 'reader'} />
        <Said
          name={m.challenger}
          chars={challenged}
          confidence={challenger.confidence}
          isRight={right === 'challenger'}
        />
      </dl>
      <p>
        {right === null && <span class="quiet">{m.notReviewed}</span>}
        {right === 'neither' && <b>{m.right.neither(truth ?? '')}</b>}
        {(right === 'reader' || right === 'challenger') && <b>{m.right[right]}</b>}{' '}
        <span class="quiet">
          {where}, <Time at={difference.detected_at} />
        </span>
      </p>
    </li>
  );
}

type SaidOptions = Readonly<{
  name: string;
  chars: readonly MarkedChar[];
  confidence: number | null;
  isRight: boolean;
}>;

function Said({ name, chars, confidence, isRight }: SaidOptions) {
  const { t, likelihood } = useWords();
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <span class="plate">
          {chars.map(({ c, differs }, index) =>
            differs ? (
              <mark key={index} class="char">
                {c}
              </mark>
            ) : (
              <span key={index} class="char">
                {c}
              </span>
            ),
          )}
          {chars.length === 0 && <span class="plate-none">{t.frame.noText}</span>}
        </span>{' '}
        {confidence !== null && likelihood(confidence)} {isRight && <Icon name="check" />}
      </dd>
    </div>
  );
}
