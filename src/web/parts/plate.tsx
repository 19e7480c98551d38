import { normalizePlate } from '../../contract/plate-text.ts';
import { hasBand } from '../regions.ts';
import { useWords } from '../speech.tsx';
import { type PlateChar, rankAlternatives, showChar } from './plate-chars.ts';

/** Below this probability a character is marked as doubtful. */
const DOUBT = 0.8;

type PlateOptions = Readonly<{
  text: string;
  chars?: readonly PlateChar[];
  region?: string | null | undefined;
  big?: boolean;
}>;

/**
 * The text as a plate, with the blue band where its region has one. With `chars`, doubtful characters are
 * marked and show their alternatives on hover, focus or tap.
 */
export function Plate({ text, chars = [], region, big = false }: PlateOptions) {
  const { t } = useWords();
  // What was read may have spaces and dashes that the text searched for has not.
  const known = normalizePlate(chars.map((char) => char.c).join('')) === normalizePlate(text);
  return (
    <span class={`plate ${big ? 'plate-big' : ''} ${hasBand(region) ? 'plate-band' : ''}`} data-text={text}>
      {known && chars.length > 0
        ? chars.map((char, index) => <Char key={index} char={char} />)
        : [...text].map((c, index) => (
            <span key={index} class="char">
              {c}
            </span>
          ))}
      {text === '' && <span class="plate-none">{t.frame.noText}</span>}
    </span>
  );
}

function Char({ char }: { char: PlateChar }) {
  const { t, likelihood } = useWords();
  if (char.p >= DOUBT) return <span class="char">{showChar(char.c)}</span>;
  const alternatives = rankAlternatives(char).slice(0, 4);
  const others = alternatives.map(({ c, p }) => `${showChar(c)} ${likelihood(p)}`).join(', ');
  const label = `${showChar(char.c)}, ${likelihood(char.p)}.${others === '' ? '' : ` ${t.frame.couldBe(others)}`}`;
  return (
    <button type="button" class="char doubt" aria-label={label}>
      {showChar(char.c)}
      <span class="tip" aria-hidden="true">
        {[{ c: char.c, p: char.p }, ...alternatives].map(({ c, p }) => (
          <span key={c} class="tip-row">
            <b>{showChar(c)}</b>
            <Bar p={p} />
            {likelihood(p)}
          </span>
        ))}
      </span>
    </button>
  );
}

/** A bar for a probability, hidden from screen readers because the number beside it says the same. */
export function Bar({ p, tone = 'plain' }: { p: number; tone?: string }) {
  return (
    <svg class={`bar bar-${tone}`} viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect class="bar-ground" width="100" height="4" />
      <rect class="bar-value" width={Math.max(p * 100, p > 0 ? 1 : 0)} height="4" />
    </svg>
  );
}
