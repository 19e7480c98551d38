import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../base/log.ts';
import type { Sql } from '../db/sql.ts';
import { type CameraDrift, readCameraDrift } from '../store/camera-drift.ts';
import { type CameraQuality, readCameraQuality, readUsualQuality, type UsualQuality } from '../store/camera-quality.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { type CameraMetrics, createCameraMetrics } from './metrics.ts';

/** How old the figures may be: those of now, and those of two weeks. */
const FRESH_MS = 60_000;
const USUAL_MS = 3_600_000;

/** How long a scrape waits for the database before it shows the figures from before. */
const PATIENCE_MS = 3000;

type Options = Readonly<{ sql: Sql; telemetry: Telemetry; log: Log; now?: () => number }>;

/** How well each camera is read, as gauges that are brought up to date when somebody asks. */
export class CameraGauges {
  readonly #options: Options;
  readonly #metrics: CameraMetrics;
  readonly #now: () => number;
  #usual: readonly UsualQuality[] = [];
  #usualUntil = Number.NEGATIVE_INFINITY;
  #freshUntil = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<void> | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#metrics = createCameraMetrics(options.telemetry);
    this.#now = options.now ?? Date.now;
  }

  /** Resolves when the figures are at most a minute old, or when the database takes too long. Where it is away there are none. */
  async refresh(): Promise<void> {
    if (this.#now() >= this.#freshUntil) {
      this.#refreshing ??= this.#read().finally(() => {
        this.#refreshing = undefined;
      });
    }
    if (this.#refreshing) await Promise.race([this.#refreshing, sleep(PATIENCE_MS, undefined, { ref: false })]);
  }

  async #read(): Promise<void> {
    const { sql, log } = this.#options;
    const asked = this.#now();
    try {
      if (asked >= this.#usualUntil) {
        this.#usual = await readUsualQuality(sql, undefined);
        this.#usualUntil = asked + USUAL_MS;
      }
      const found = await readCameraQuality(sql, undefined);
      const drifts = await readCameraDrift(sql, undefined);
      this.#clear();
      for (const one of found) this.#show(one);
      for (const one of this.#usual) this.#showUsual(one);
      for (const one of drifts) this.#showDrift(one);
    } catch (err) {
      this.#clear();
      log.warn({ err }, 'the figures of cameras cannot be read from the database');
    }
    this.#freshUntil = asked + FRESH_MS;
  }

  #clear(): void {
    for (const gauge of Object.values(this.#metrics)) gauge.reset();
  }

  #show({ site, camera, vehicles, newestEventAt, ...found }: CameraQuality): void {
    const metrics = this.#metrics;
    const labels = { site, camera };
    for (const { vehicles: count, outcome, reason, light } of vehicles) {
      metrics.passages.set({ ...labels, outcome, reason, light }, count);
    }
    if (found.readRatio !== null) metrics.readRatio.set(labels, found.readRatio);
    if (found.meanConfidence !== null) metrics.confidence.set(labels, found.meanConfidence);
    if (found.doubtfulRatio !== null) metrics.doubtful.set(labels, found.doubtfulRatio);
    if (found.charHeightPx !== null) metrics.charHeight.set(labels, found.charHeightPx);
    if (found.clockOffsetS !== null) metrics.clockOffset.set(labels, found.clockOffsetS);
    if (newestEventAt !== null) metrics.newestEvent.set(labels, Date.parse(newestEventAt) / 1000);
  }

  #showUsual({ site, camera, readRatio, correctedRatio }: UsualQuality): void {
    if (readRatio !== null) this.#metrics.usualReadRatio.set({ site, camera }, readRatio);
    if (correctedRatio !== null) this.#metrics.corrected.set({ site, camera }, correctedRatio);
  }

  #showDrift({ site, camera, what, psi }: CameraDrift): void {
    this.#metrics.drift.set({ site, camera, what }, psi);
  }
}
