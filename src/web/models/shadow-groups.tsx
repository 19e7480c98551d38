import { useState } from 'preact/hooks';
import type { ShadowGroup } from '../../contract/api/models.ts';
import type { ModelMessages } from '../languages/messages.ts';
import { nameRegion } from '../regions.ts';
import { useWords } from '../speech.tsx';
import type { Words } from '../words.ts';
import { useModelWords } from './model-words.tsx';

const KINDS = ['camera', 'region', 'length', 'confidence'] as const;

/** Where both differ, by one of four properties of the reads. */
export function ShadowGroups({ groups }: { groups: readonly ShadowGroup[] }) {
  const words = useWords();
  const m = useModelWords();
  const { number } = words;
  const [kind, setKind] = useState<ShadowGroup['by']>('camera');
  return (
    <section aria-labelledby="shadow-groups">
      <h3 id="shadow-groups">{m.groups}</h3>
      <div class="views">
        {KINDS.map((one) => (
          <button key={one} type="button" aria-pressed={one === kind} onClick={() => setKind(one)}>
            {m.groupBy[one]}
          </button>
        ))}
      </div>
      <table class="table panel">
        <thead>
          <tr>
            <th scope="col">{m.groupBy[kind]}</th>
            <th scope="col">{m.compared}</th>
            <th scope="col">{m.differing}</th>
            <th scope="col">{m.reviewed}</th>
            <th scope="col">{m.challengerRight}</th>
            <th scope="col">{m.readerRight}</th>
          </tr>
        </thead>
        <tbody>
          {groups
            .filter(({ by }) => by === kind)
            .map((group) => (
              <tr key={group.name}>
                <th scope="row">{nameGroup(group, words, m)}</th>
                <td data-name={m.compared}>{number(group.compared)}</td>
                <td data-name={m.differing}>{number(group.differing)}</td>
                <td data-name={m.reviewed}>{number(group.reviewed)}</td>
                <td data-name={m.challengerRight}>{number(group.challenger_right)}</td>
                <td data-name={m.readerRight}>{number(group.reader_right)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  );
}

function nameGroup({ by, name }: ShadowGroup, words: Words, m: ModelMessages): string {
  const { countOf, percent } = words;
  switch (by) {
    case 'camera':
      return name;
    case 'region':
      return name === '' ? m.noRegion : nameRegion(name, words);
    case 'length':
      return countOf(Number(name), m.characters);
    case 'confidence':
      return m.between(percent(Number(name)), percent(Math.min(1, Number(name) + 0.1)));
  }
}
