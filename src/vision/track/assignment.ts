/** A pair of row and column. */
export type Match = readonly [row: number, column: number];

/** Costs row by row: `data[row × columns + column]`. */
export type CostMatrix = Readonly<{ rows: number; columns: number; data: Float64Array }>;

/**
 * The linear assignment with least total cost, where leaving a row and a column unmatched together costs `limit`: pairs at or
 * above it are never made. The matrix is first split into groups that compete at all; each is solved by
 * shortest augmenting paths (Jonker & Volgenant 1987). Matches come by rows.
 */
export function assign(costs: CostMatrix, limit: number): Match[] {
  const matches: Match[] = [];
  for (const { rows, columns } of findGroups(costs, limit)) {
    if (rows.length === 1 && columns.length === 1) matches.push([rows[0], columns[0]]);
    else matches.push(...solveGroup(costs, limit, rows, columns));
  }
  return matches.sort((a, b) => a[0] - b[0]);
}

type Group = Readonly<{ rows: number[]; columns: number[] }>;

/** Connected components of the pairs below the limit. */
function findGroups({ rows, columns, data }: CostMatrix, limit: number): Group[] {
  const rowSeen = new Uint8Array(rows);
  const columnSeen = new Uint8Array(columns);
  const groups: Group[] = [];
  for (let start = 0; start < rows; start += 1) {
    if (rowSeen[start]) continue;
    rowSeen[start] = 1;
    const group: Group = { rows: [start], columns: [] };
    for (let r = 0; r < group.rows.length; r += 1) {
      for (let column = 0; column < columns; column += 1) {
        if (columnSeen[column] || !(data[group.rows[r] * columns + column] < limit)) continue;
        columnSeen[column] = 1;
        group.columns.push(column);
        for (let row = start + 1; row < rows; row += 1) {
          if (rowSeen[row] || !(data[row * columns + column] < limit)) continue;
          rowSeen[row] = 1;
          group.rows.push(row);
        }
      }
    }
    if (group.columns.length > 0)
      groups.push({ rows: group.rows.sort(byNumber), columns: group.columns.sort(byNumber) });
  }
  return groups;
}

function byNumber(a: number, b: number): number {
  return a - b;
}

function solveGroup(costs: CostMatrix, limit: number, rows: readonly number[], columns: readonly number[]): Match[] {
  const flip = rows.length > columns.length;
  const short = flip ? columns : rows;
  const long = flip ? rows : columns;
  // What a pair saves against staying apart; no pair costs more than nothing.
  const gain = short.map((s) =>
    long.map((l) => {
      const cost = costs.data[flip ? l * costs.columns + s : s * costs.columns + l];
      return cost < limit ? cost - limit : 0;
    }),
  );
  return solveDense(gain)
    .map((l, s): Match => (flip ? [long[l], short[s]] : [short[s], long[l]]))
    .filter(([row, column]) => costs.data[row * costs.columns + column] < limit);
}

/** Column of each row with least total cost; there must be at least as many columns as rows. */
function solveDense(cost: readonly (readonly number[])[]): number[] {
  const rows = cost.length;
  const columns = cost[0].length;
  // Potentials and matches are shifted by one: index 0 is the row being placed.
  const rowPotential = new Float64Array(rows + 1);
  const columnPotential = new Float64Array(columns + 1);
  const matched = new Int32Array(columns + 1);
  const way = new Int32Array(columns + 1);
  for (let row = 1; row <= rows; row += 1) {
    matched[0] = row;
    const slack = new Float64Array(columns + 1).fill(Infinity);
    const used = new Uint8Array(columns + 1);
    let column = 0;
    do {
      used[column] = 1;
      const from = matched[column];
      let delta = Infinity;
      let next = 0;
      for (let j = 1; j <= columns; j += 1) {
        if (used[j]) continue;
        const reduced = cost[from - 1][j - 1] - rowPotential[from] - columnPotential[j];
        if (reduced < slack[j]) {
          slack[j] = reduced;
          way[j] = column;
        }
        if (slack[j] < delta) {
          delta = slack[j];
          next = j;
        }
      }
      for (let j = 0; j <= columns; j += 1) {
        if (used[j]) {
          rowPotential[matched[j]] += delta;
          columnPotential[j] -= delta;
        } else slack[j] -= delta;
      }
      column = next;
    } while (matched[column] !== 0);
    for (; column !== 0; column = way[column]) matched[column] = matched[way[column]];
  }
  const result: number[] = new Array(rows);
  for (let j = 1; j <= columns; j += 1) if (matched[j] > 0) result[matched[j] - 1] = j - 1;
  return result;
}
