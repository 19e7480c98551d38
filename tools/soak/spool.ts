import { createRandom } from '../../src/base/random.ts';
import { scanRecords } from '../../src/edge/segment.ts';
import { damage, findFault, makeRecords } from '../../test/edge/spool-damage.ts';

/** Damages files of the spool in many ways: every byte must be read as it was written or counted as damaged. */
export async function soakSpool({ files, seed }: Readonly<{ files: number; seed: number }>): Promise<boolean> {
  const { below: random } = createRandom(seed);
  const counts = { files: 0, 'records written': 0, 'records read': 0, 'bytes counted as damaged': 0, faults: 0 };
  for (; counts.files < files; counts.files++) {
    const records = makeRecords(random);
    const bytes = damage(Buffer.concat([...records.values()]), random);
    const scan = scanRecords(bytes);
    const fault = findFault(records, bytes, scan);
    if (fault) {
      counts.faults++;
      console.log(`file ${counts.files}: ${fault}`);
    }
    counts['records written'] += records.size;
    counts['records read'] += scan.records.length;
    counts['bytes counted as damaged'] += scan.damagedBytes;
  }
  console.table(counts);
  return counts.faults === 0;
}
