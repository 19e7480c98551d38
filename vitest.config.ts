import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { LongFilesFirst } from './test/order-files.ts';
import { listUnitTests } from './test/unit-tests.ts';

// What tests start, and what runs them, needs a third of the time once its sources are compiled; bin/alpr.js keeps them there too.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache');

/**
 * `vitest --mode unit` runs the tests that start no server, no browser and no other process; `--mode servers` those that need a
 * server that is compiled here, or minutes; `--mode compose` those that run the composition of containers. `--mode pictures`
 * keeps pictures of the page's screens.
 */
export default defineConfig(({ mode }) => ({
  test: {
    include:
      mode === 'unit' ? listUnitTests() : [`test/**/*.${['servers', 'compose'].includes(mode) ? mode : 'test'}.ts`],
    globalSetup: ['unit', 'compose'].includes(mode) ? [] : ['test/servers/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Most results come at once, but seconds later on a busy machine.
    expect: { poll: { timeout: 10_000 } },
    pool: 'forks',
    // No module of ours has a state, so that a process may run one file after another; most of a file's time would go into importing.
    isolate: false,
    // Node runs the sources as it does for users; Vite's own modules would make each call between two of ours a look-up.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // The Kafka client throws when a broker that a test has killed closes a connection that is not used any more.
    onUnhandledError: (error) => !('code' in error && error.code === 'PLT_KFK_NETWORK'),
    // Many files wait for servers and clocks rather than compute: one worker more than the cores of a small machine.
    maxWorkers: 3,
    sequence: { sequencer: LongFilesFirst },
  },
}));
