import type { PlateEvent } from '../../contract/plate-event.ts';
import { addressOfImage } from '../data/client.ts';
import { StoredPicture } from '../parts/picture.tsx';
import { useWords } from '../speech.tsx';
import type { QueuedRead } from './desk.ts';

/** The plate as large as there is room, and the vehicle beside it. */
export function Pictures({ event: { images, plate } }: { event: PlateEvent }) {
  const { t } = useWords();
  return (
    <div class="review-pictures">
      <figure class="review-plate">
        <StoredPicture picture={images?.plate} alt={t.read.platePicture(plate.text_normalized)} />
      </figure>
      <figure class="review-vehicle">
        <StoredPicture picture={images?.vehicle} alt={t.read.vehiclePicture(plate.text_normalized)} />
      </figure>
    </div>
  );
}

/** Fetches the pictures of the next reads, so that they are there when their turn comes. */
export function PreloadedPictures({ reads }: { reads: readonly QueuedRead[] }) {
  const keys = reads.flatMap(({ event: { images } }) => (images ? [images.plate.key, images.vehicle.key] : []));
  return (
    <div hidden>
      {keys.map((key) => (
        <img key={key} src={addressOfImage(key)} alt="" />
      ))}
    </div>
  );
}
