/**
 * The real servers for tests: Kafka 4.3 (KRaft; 3.9 with ZooKeeper under `npm run test:compat`), a Schema Registry,
 * OpenSearch 2.19, S3, Mosquitto and PostgreSQL, as processes on free ports of 127.0.0.1. `npm test` installs them; `npm run stack -- --install` does so by hand.
 *
 * A suite that needs some of them says so, and is skipped with the reason where they cannot be installed (with CI=true it
 * fails instead):
 *
 *     describeWith(['kafka', 'registry'], 'The bus over Kafka', () => {
 *       let brokers: readonly string[];
 *       beforeAll(async () => { ({ brokers } = await shareKafka()); });
 *     });
 *
 * `share*` gives the one server of this run, started at the first call (2–5 s, more on a busy machine) and ended with the
 * run: use topics, buckets, subjects and indices of your own names (`uniqueName`), and never break it. `shareDatabase` makes
 * a new empty database in the shared PostgreSQL. `start*` gives a server of your own that may be broken:
 *
 *     await using kafka = await startKafka({ secure: true });   // kafka.brokers, kafka.secure?.password, …
 *     await kafka.control.kill();      // kill -9
 *     await kafka.control.restart();   // the same data, the same ports
 *     await kafka.control.pause();     // SIGSTOP; resume() goes on
 *     await kafka.control.stop();      // in good order
 *
 * No server outlives the process that started it, not even one that is killed; the data of `start*()` without `folder` go
 * with it. To be used outside of Vitest (bench, soak): import `tools/servers/*.ts`, which need no runner.
 */
export { startKafka } from '../../tools/servers/kafka.ts';
export { startMosquitto } from '../../tools/servers/mosquitto.ts';
export { startPostgres } from '../../tools/servers/postgres.ts';
export { startRegistry } from '../../tools/servers/registry.ts';
export { startS3 } from '../../tools/servers/s3.ts';
export { describeWith } from './describe-with.ts';
export { shareDatabase, shareKafka, shareOpenSearch, shareRegistry, shareS3, uniqueName } from './shared.ts';
