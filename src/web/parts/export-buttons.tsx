import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { DownloadButton } from './download.tsx';

/** Offers a whole list as a file, to whoever may take lists away; `query` is that of `/events/export` without a format. */
export function ExportButtons({ query }: { query: string }) {
  const { t } = useWords();
  const { may } = useServices();
  if (!may('export')) return null;
  const addressOf = (format: string) => `/events/export?${query === '' ? '' : `${query}&`}format=${format}`;
  return (
    <fieldset class="export">
      <legend class="spoken">{t.files.export}</legend>
      <DownloadButton path={addressOf('csv')} label={t.files.csv} />
      <DownloadButton path={addressOf('ndjson')} label={t.files.ndjson} />
    </fieldset>
  );
}
