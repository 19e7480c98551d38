import type { ExportFormat } from '../../contract/api/exports.ts';
import { fileAt, type Load } from '../data/download.ts';
import { fetchList, type List } from '../data/list-file.ts';
import { useServices } from '../services.ts';
import { useWords } from '../speech.tsx';
import { DownloadButton } from './download.tsx';

/** Offers reads as a file, to whoever may take them away; `query` is that of `/events/export` without a format. */
export function ReadsExport({ query }: { query: string }) {
  const { may } = useServices();
  if (!may('export')) return null;
  return (
    <ExportButtons loadAs={(format) => fileAt(`/events/export?${query === '' ? '' : `${query}&`}format=${format}`)} />
  );
}

/** Offers any other list as a file, to whoever sees it. */
export function ListExport({ list }: { list: List }) {
  return <ExportButtons loadAs={(format) => (wanted) => fetchList(list, format, wanted)} />;
}

function ExportButtons({ loadAs }: { loadAs: (format: ExportFormat) => Load }) {
  const { t } = useWords();
  return (
    <fieldset class="export">
      <legend class="spoken">{t.files.export}</legend>
      <DownloadButton load={loadAs('csv')} label={t.files.csv} />
      <DownloadButton load={loadAs('ndjson')} label={t.files.ndjson} />
    </fieldset>
  );
}
