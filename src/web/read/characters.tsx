import type { PlateEvent } from '../../contract/plate-event.ts';
import { Bar } from '../parts/plate.tsx';
import { type PlateChar, rankAlternatives, showChar } from '../parts/plate-chars.ts';
import { useWords } from '../speech.tsx';
import { gradeConfidence } from '../words.ts';

/** Each character with its probability and its alternatives. */
export function Characters({ plate }: { plate: PlateEvent['plate'] }) {
  const { t } = useWords();
  return (
    <section class="panel" aria-labelledby="characters">
      <h2 id="characters">{t.read.characters}</h2>
      {plate.chars.length === 0 && <p class="quiet">{t.read.noCharacters}</p>}
      <ol class="characters">
        {plate.chars.map((char, index) => (
          <CharacterColumn key={index} char={char} />
        ))}
      </ol>
      {plate.text_raw !== plate.text_normalized && (
        <p class="quiet">
          {t.read.readAs} <code>{plate.text_raw}</code>
        </p>
      )}
    </section>
  );
}

function CharacterColumn({ char }: { char: PlateChar }) {
  const { likelihood } = useWords();
  const ranked = [{ c: char.c, p: char.p }, ...rankAlternatives(char).slice(0, 3)];
  return (
    <li class={`character character-${gradeConfidence(char.p)}`}>
      <span class="character-sign">{showChar(char.c)}</span>
      <ul>
        {ranked.map(({ c, p }, index) => (
          <li key={c} class={index === 0 ? 'alternative chosen' : 'alternative'}>
            <b>{showChar(c)}</b>
            <span>{likelihood(p)}</span>
            <Bar p={p} tone={index === 0 ? gradeConfidence(char.p) : 'plain'} />
          </li>
        ))}
      </ul>
    </li>
  );
}
