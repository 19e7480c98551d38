import { useState } from 'preact/hooks';
import type { Judgement, ModelList, ShadowAnswer, ShownVersion } from '../../contract/api/models.ts';
import { usePages } from '../data/pages.ts';
import { Fact, FactList } from '../parts/facts.tsx';
import { Field } from '../parts/form.tsx';
import { Icon } from '../parts/icon.tsx';
import { Marked } from '../parts/marked.tsx';
import { Empty, Problem, Skeleton } from '../parts/notice.tsx';
import { nameRegion } from '../regions.ts';
import { useWords } from '../speech.tsx';
import { DifferenceCard } from './difference-card.tsx';
import { useModelWords } from './model-words.tsx';
import { fetchShadow } from './models-client.ts';
import { ShadowGroups } from './shadow-groups.tsx';

type Rule = ModelList['rule'];

type ShadowOptions = Readonly<{
  model: string;
  rule: Rule;
  /** The challenger, if it must not run. */
  faulty: ShownVersion | undefined;
}>;

/** How a challenger and the reader compare on what the cameras saw, with the reads in which they differ. */
export function ShadowView({ model, rule, faulty }: ShadowOptions) {
  const m = useModelWords();
  const [asked, setAsked] = useState({ model, pair: '', camera: '', region: '' });
  const { pages, error, loading, isLast, more, again } = usePages(JSON.stringify(asked), (cursor) =>
    fetchShadow(asked, cursor),
  );
  const answer = pages.at(-1);
  const differences = pages.flatMap((page) => page.differences);
  return (
    <section class="shadow" aria-labelledby="shadow">
      <h2 id="shadow">
        {m.shadow}: {model}
      </h2>
      {faulty && (
        <p class="sign sign-bad">
          <Icon name="warning" /> {m.challengerFaulty(faulty.version, faulty.fault ?? '')}
        </p>
      )}
      {error !== undefined && <Problem error={error} retry={again} />}
      {answer === undefined && loading && <Skeleton rows={3} kind="row" />}
      {answer && answer.pair === null && (
        <Empty icon="model" title={m.noShadow}>
          <p>
            <Marked text={m.noShadowWhy} />
          </p>
        </Empty>
      )}
      {answer?.judgement && (
        <>
          <Filters answer={answer} asked={asked} onAsk={setAsked} />
          <Verdict judgement={answer.judgement} rule={rule} />
          <ShadowGroups groups={answer.groups} />
          <h3>{m.differences}</h3>
          {differences.length === 0 && <p class="quiet">{m.noDifferences}</p>}
          <ul class="differences">
            {differences.map((difference) => (
              <DifferenceCard key={difference.event_id} difference={difference} />
            ))}
          </ul>
          {!isLast && (
            <button type="button" class="button" disabled={loading} onClick={more}>
              {m.loadMore}
            </button>
          )}
        </>
      )}
    </section>
  );
}

type Asked = Readonly<{ model: string; pair: string; camera: string; region: string }>;
type FilterOptions = Readonly<{ answer: ShadowAnswer; asked: Asked; onAsk: (asked: Asked) => void }>;

function Filters({ answer, asked, onAsk }: FilterOptions) {
  const words = useWords();
  const m = useModelWords();
  const { t } = words;
  const namesOf = (by: string, chosen: string) => {
    const names = answer.groups.filter((group) => group.by === by && group.name !== '').map(({ name }) => name);
    return [...new Set([...names, ...(chosen === '' ? [] : [chosen])])].toSorted();
  };
  const { pair } = answer;
  return (
    <div class="shadow-filters">
      <Field name={m.pair}>
        {(field) => (
          <select
            {...field}
            class="control"
            value={pair ? `${pair.reader} ${pair.challenger}` : ''}
            onChange={({ currentTarget: { value } }) => onAsk({ ...asked, pair: value })}
          >
            {answer.pairs.map(({ reader, challenger }) => (
              <option key={`${reader} ${challenger}`} value={`${reader} ${challenger}`}>
                {m.against(challenger, reader)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field name={t.frame.camera}>
        {(field) => (
          <select
            {...field}
            class="control"
            value={asked.camera}
            onChange={({ currentTarget: { value } }) => onAsk({ ...asked, camera: value })}
          >
            <option value="">{m.all}</option>
            {namesOf('camera', asked.camera).map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        )}
      </Field>
      <Field name={m.groupBy.region}>
        {(field) => (
          <select
            {...field}
            class="control"
            value={asked.region}
            onChange={({ currentTarget: { value } }) => onAsk({ ...asked, region: value })}
          >
            <option value="">{m.all}</option>
            {namesOf('region', asked.region).map((name) => (
              <option key={name} value={name}>
                {nameRegion(name, words)}
              </option>
            ))}
          </select>
        )}
      </Field>
    </div>
  );
}

function Verdict({ judgement, rule }: { judgement: Judgement; rule: Rule }) {
  const { number, percent } = useWords();
  const m = useModelWords();
  const { compared, differing, reviewed, reader_right, challenger_right, p, verdict } = judgement;
  const missing = rule.min_reviewed - reviewed;
  const { better, worse, few, chance } = m.verdicts;
  const open = missing > 0 ? few(number(missing)) : chance;
  return (
    <FactList title={{ better, worse, open }[verdict]}>
      <Fact name={m.compared}>{number(compared)}</Fact>
      <Fact name={m.differing}>
        {number(differing)} {compared > 0 && <span class="quiet">({percent(differing / compared)})</span>}
      </Fact>
      <Fact name={m.reviewed}>{m.ofNeeded(number(reviewed), number(rule.min_reviewed))}</Fact>
      <Fact name={m.challengerRight}>{number(challenger_right)}</Fact>
      <Fact name={m.readerRight}>{number(reader_right)}</Fact>
      <Fact name={m.neitherRight}>{number(reviewed - reader_right - challenger_right)}</Fact>
      <Fact name={m.p}>
        {number(p, 4)}{' '}
        <span class="quiet">
          <Marked text={rule.automatic ? m.ruleOn : m.ruleOff} />
        </span>
      </Fact>
    </FactList>
  );
}
