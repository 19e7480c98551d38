import type { ComponentChildren } from 'preact';
import type { PlaceAmount } from '../../contract/api/privacy.ts';
import { formatBytes } from '../bytes.ts';
import { useWords } from '../speech.tsx';
import { nameIn, spellOut, wordFor } from '../words.ts';

type PlaceTableOptions<Place> = Readonly<{
  label: string;
  places: readonly Place[];
  /** What else is known of a place, with the heading of its column. */
  extra?: Readonly<{ heading: string; tell: (place: Place) => ComponentChildren }>;
}>;

/** Places, and how much is in each. */
export function PlaceTable<Place extends PlaceAmount>({ label, places, extra }: PlaceTableOptions<Place>) {
  const words = useWords();
  const { t, number, nounFor } = words;
  const nameWhat = ({ what, count }: PlaceAmount) => {
    const noun = nameIn(t.privacy.whats, what);
    return noun ? nounFor(count, noun) : spellOut(what);
  };
  return (
    <table class="place-table" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">{t.privacy.place}</th>
          <th scope="col">{t.privacy.count}</th>
          <th scope="col">{t.privacy.size}</th>
          {extra && <th scope="col">{extra.heading}</th>}
        </tr>
      </thead>
      <tbody>
        {places.map((place) => (
          <tr key={`${place.place} ${place.what}`} class={place.count === 0 ? 'quiet' : undefined}>
            <th scope="row">
              {wordFor(t.privacy.places, place.place)}
              {place.note !== null && (
                <small class="quiet" lang="en">
                  {place.note}
                </small>
              )}
            </th>
            <td>
              {number(place.count)} <small class="quiet">{nameWhat(place)}</small>
            </td>
            <td>{formatBytes(place.bytes, words)}</td>
            {extra && <td>{extra.tell(place)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
