/** The page's own style: light and dark by the system, one column on a phone. */
export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; --good: #15803d; --bad: #b91c1c; --accent: #2563eb; }
@media (prefers-color-scheme: dark) { :root { --good: #4ade80; --bad: #f87171; --accent: #60a5fa; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
h1 { font-size: 1.5rem; margin: .5rem 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.warn { border-left: 4px solid var(--bad); padding: .5rem .75rem; background: var(--soft); }
.note { opacity: .8; font-size: .9rem; margin: .25rem 0 .5rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: .5rem; }
.figures div { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .75rem; }
.figures b { display: block; font-size: 1.4rem; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; }
td.number { text-align: right; }
th button { font: inherit; font-weight: 600; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
th[aria-sort=ascending] button::after { content: ' ▲'; } th[aria-sort=descending] button::after { content: ' ▼'; }
.charts { display: flex; flex-wrap: wrap; gap: 1rem; } .charts svg { width: min(22rem, 100%); height: auto; }
svg text { fill: currentColor; font: 11px system-ui, sans-serif; }
.heat { overflow-x: auto; } .heat svg { min-width: 34rem; max-width: 48rem; width: 100%; height: auto; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); gap: .75rem; }
.card { border: 1px solid var(--line); border-radius: .5rem; padding: .6rem; overflow: hidden; }
.card img { width: 100%; height: 6.5rem; object-fit: contain; background: var(--soft); border-radius: .25rem; }
.card .none { height: 6.5rem; display: grid; place-items: center; background: var(--soft); border-radius: .25rem; }
.texts { font: 600 1.05rem/1.4 ui-monospace, monospace; letter-spacing: .06em; margin-top: .4rem; overflow-wrap: anywhere; }
.texts span { display: block; } .texts i { font: 400 .75rem system-ui, sans-serif; letter-spacing: 0; opacity: .7; margin-right: .4rem; }
mark { background: none; color: var(--bad); text-decoration: underline 2px; } mark.gap { opacity: .8; }
.bars { display: flex; gap: 2px; align-items: end; height: 2.6rem; margin: .3rem 0; }
.bars div { flex: 1; text-align: center; font: .7rem ui-monospace, monospace; }
.bars div::before { content: ''; display: block; height: calc(var(--p) * 1.5rem); background: var(--accent); border-radius: 2px 2px 0 0; }
.bars div.off::before { background: var(--bad); }
.small { font-size: .78rem; opacity: .8; overflow-wrap: anywhere; }
`;

/** Sorting of tables by their heads: numbers by their value, words by the alphabet. */
export const SCRIPT = `
for (const head of document.querySelectorAll('th')) head.addEventListener('click', () => {
  const table = head.closest('table'), at = [...head.parentNode.children].indexOf(head);
  const up = head.getAttribute('aria-sort') === 'descending';
  for (const other of table.querySelectorAll('th')) other.removeAttribute('aria-sort');
  head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
  const by = (row) => { const cell = row.children[at]; return cell.dataset.by === undefined ? cell.textContent : Number(cell.dataset.by); };
  const rows = [...table.tBodies[0].rows].sort((a, b) => { const x = by(a), y = by(b);
    return typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y)); });
  if (!up) rows.reverse();
  table.tBodies[0].append(...rows);
});
`;
