import { createLog } from '../../src/base/log.ts';
import { openEmbeddedPostgres } from '../../src/db/embedded.ts';

/** A process that opens the database of a folder, writes a row on each line it is sent, and answers when it is durable. */
const [, , dataDir = ''] = process.argv;
const database = await openEmbeddedPostgres({ dataDir, log: createLog({ level: 'silent' }) });
await database.sql.query('CREATE TABLE IF NOT EXISTS kept (number integer PRIMARY KEY)');
process.stdout.write(`ready ${database.server().pid}\n`);
process.stdin.on('data', async (chunk) => {
  for (const line of chunk.toString().trim().split('\n')) {
    await database.sql.query('INSERT INTO kept VALUES ($1)', [Number(line)]);
    process.stdout.write(`kept ${line}\n`);
  }
});
