import { Field } from '../parts/form.tsx';
import { useWords } from '../speech.tsx';
import { nameUnit, SPAN_UNITS } from './spans.ts';

/** A span such as `15m`: a number and a unit. */
export function SpanInput({
  name,
  value,
  onValue,
}: Readonly<{ name: string; value: unknown; onValue: (value: unknown) => void }>) {
  const { locale } = useWords();
  const [, count = '', unit = 'm'] = /^(\d*)([smhd])$/.exec(String(value)) ?? [];
  return (
    <Field name={name}>
      {(field) => (
        <span class="rule-span">
          <input
            {...field}
            type="number"
            min="1"
            step="1"
            value={count}
            onInput={(event) => onValue(`${event.currentTarget.value}${unit}`)}
          />
          <select aria-label={name} value={unit} onChange={(event) => onValue(`${count}${event.currentTarget.value}`)}>
            {Object.keys(SPAN_UNITS).map((one) => (
              <option key={one} value={one}>
                {nameUnit(one, locale)}
              </option>
            ))}
          </select>
        </span>
      )}
    </Field>
  );
}
