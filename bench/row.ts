/** One measured figure. `ratio` is this figure over the baseline measured in the same run, which `against` names. */
export type Row = Readonly<{ what: string; value: number; unit: string; ratio?: number; against?: string }>;

/** Rows as lines of text. */
export function printRows(rows: readonly Row[]): void {
  for (const { what, value, unit, ratio, against } of rows) {
    const figure = formatFigure(value).padStart(10);
    const compared = ratio === undefined ? '' : `   ${formatFigure(ratio)} × ${against ?? 'the baseline'}`;
    process.stdout.write(`${what.padEnd(64)} ${figure} ${unit}${compared}\n`);
  }
}

/** Rows as a Markdown table. */
export function formatTable(rows: readonly Row[]): string {
  const lines = rows.map(({ what, value, unit, ratio, against }) => {
    const compared = ratio === undefined ? '' : `${formatFigure(ratio)} × ${against ?? 'the baseline'}`;
    return `| ${what} | ${formatFigure(value)} ${unit} | ${compared} |`;
  });
  return ['| what | figure | against |', '| --- | --- | --- |', ...lines].join('\n');
}

function formatFigure(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en-GB');
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
