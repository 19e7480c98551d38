import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { PlateEvent } from '../../src/contract/plate-event.ts';
import { THOROUGH } from '../thorough.ts';
import { createEvent } from './generated-events.ts';
import { keepPicture } from './looks.ts';
import { inspect, RealVisits } from './real-visits.ts';
import { PHONE } from './visits.ts';

const visits = new RealVisits();

const LETTERS = 'CDEFGHJKLMNPQRSTUVWX';

/** The reader doubts between 8 and B in the third place of each. */
function createDoubt(index: number, at = Date.now() - 3_600_000 + index * 10_000): PlateEvent {
  const letters = `${LETTERS[index % 20]}${LETTERS[Math.floor(index / 20)]}`;
  return createEvent({ number: 4 * index + 2, at, text: `AK8X${letters}C` });
}

const onDesk = (page: Page) => page.locator('.on-desk').getAttribute('data-event');

/** What is stored of some events now. */
async function readStored(ids: readonly string[]) {
  const rows = await visits.back.sql.query<{ event: PlateEvent }>(
    'SELECT event FROM plate_events WHERE event_id = ANY ($1::uuid[])',
    [ids],
  );
  return new Map(
    rows.map(({ event: { event_id: id, status, plate, review } }) => {
      const { by, action, reason, into } = review ?? {};
      return [id, { status, text: plate.text_normalized, by, action, reason, into }] as const;
    }),
  );
}

const becomes = (id: string) =>
  expect.poll(async () => (await readStored([id])).get(id), { timeout: 15_000, interval: 100 });

/** Waits until the read that follows `before` lies on the desk, or none. */
async function nextAfter(page: Page, before: string): Promise<void> {
  await page.locator(`.on-desk[data-event="${before}"]`).waitFor({ state: 'detached' });
}

/** Nobody decides before the picture of the plate is there. */
async function pictureHasCome(page: Page): Promise<void> {
  const seen = () => page.evaluate(`document.querySelector('.review-plate img')?.complete`);
  await expect.poll(seen, { interval: 10 }).toBe(true);
}

describe('the review', () => {
  const queue = Array.from({ length: THOROUGH ? 40 : 20 }, (_, index) => createDoubt(index));
  const wrong = new Set(queue.filter((_, index) => index % 4 === 0).map(({ event_id: id }) => id));
  const none = new Set(queue.filter((_, index) => index % 10 === 3).map(({ event_id: id }) => id));

  beforeAll(() => visits.publish(queue));

  test('is worked through by keys alone, at 30 reads a minute and more', { timeout: 90_000 }, async () => {
    const page = await visits.visit('#/review');
    await page.locator('.on-desk').waitFor();
    expect(await page.locator('.review-top').innerText()).toContain(`${queue.length} reads waiting`);
    const begun = performance.now();
    for (const _ of queue) {
      const id = (await onDesk(page)) ?? '';
      await pictureHasCome(page);
      if (wrong.has(id)) await page.keyboard.press('2');
      await page.keyboard.press(none.has(id) ? 'x' : 'Enter');
      if (none.has(id)) await page.keyboard.press('2');
      await nextAfter(page, id);
    }
    const perMinute = (queue.length * 60_000) / (performance.now() - begun);
    await page.getByText('No doubtful reads.').waitFor();
    expect(perMinute).toBeGreaterThanOrEqual(30);
    const wanted = queue.map(({ event_id: id, plate: { text_normalized: text } }) => {
      if (none.has(id)) {
        return [
          id,
          { status: 'retracted', text, by: 'Ada', action: 'reject', reason: 'Lettering or a sign', into: null },
        ];
      }
      const corrected = text.replace('8', 'B');
      const correction = { status: 'corrected', text: corrected, action: 'correct', reason: 'Legible in the picture' };
      const confirmation = { status: 'final', text, action: 'confirm', reason: '' };
      return [id, { ...(wrong.has(id) ? correction : confirmation), by: 'Ada', into: null }];
    });
    const ids = queue.map(({ event_id: id }) => id);
    await expect.poll(() => readStored(ids), { timeout: 15_000 }).toEqual(new Map(wanted as []));
    expect(visits.faults).toEqual([]);
  });

  test('takes a text that is typed, goes back to a decision, skips, and merges with the neighbour', async () => {
    const at = Date.now();
    const [typed, skipped, twin, kept] = [0, 1, 2, 3].map((index) => createDoubt(60 + index, at + index * 2_000));
    if (!typed || !skipped || !twin || !kept) throw new Error('expected four events');
    await visits.publish([typed]);
    const page = await visits.visit('#/review');
    await page.locator('.on-desk').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Type the text').waitFor();
    await page.keyboard.press('Escape');
    const text = typed.plate.text_normalized.replace('K', 'Z');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('c');
    await page.keyboard.type(text.toLowerCase());
    await page.keyboard.press('Enter');
    await becomes(typed.event_id).toMatchObject({ status: 'corrected', text });
    await page.keyboard.press('u');
    await page.getByText('You corrected this read.').waitFor();
    await page.keyboard.press('x');
    await page.keyboard.press('Enter');
    await becomes(typed.event_id).toMatchObject({ action: 'reject' });
    await visits.publish([skipped, kept, { ...twin, camera_id: kept.camera_id }]);
    await page.reload();
    await page.locator('.on-desk').waitFor();
    for (let id = await onDesk(page); id !== twin.event_id; id = await onDesk(page)) {
      await page.keyboard.press('s');
      await nextAfter(page, id ?? '');
    }
    await page.keyboard.press('m');
    await page.locator('.near-read').first().waitFor();
    const texts = await page.locator('.near-read b').allInnerTexts();
    await page.keyboard.press(String(texts.indexOf(kept.plate.text_normalized) + 1));
    await page.keyboard.press('Enter');
    await becomes(twin.event_id).toMatchObject({ status: 'retracted', action: 'merge', into: kept.event_id });
    expect(visits.faults).toEqual([]);
  });

  test('says that somebody else has decided, and goes on', async () => {
    const [mine, next] = [createDoubt(80), createDoubt(81)];
    await visits.publish([mine, next]);
    const page = await visits.visit('#/review');
    await page.locator('.on-desk').waitFor();
    const id = (await onDesk(page)) ?? '';
    await fetch(`${visits.back.url}/events/${id}/review`, {
      method: 'POST',
      headers: { authorization: visits.back.authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ action: 'confirm', revision: 2 }),
    });
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('Somebody else has already decided').waitFor();
    expect(await onDesk(page)).not.toBe(id);
  });

  test('offers on a phone what the keys do, in large buttons and without a sideways scroll', async () => {
    await visits.publish([createDoubt(90)]);
    const page = await visits.visit('#/review', PHONE);
    await page.locator('.on-desk').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    for (const button of await page.locator('.actions .button, .option').all()) {
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44);
    }
    await pictureHasCome(page);
    await keepPicture(page, 'review-phone', 'whole');
    await page.locator('.option').nth(1).tap();
    await page.getByRole('button', { name: /^Save as/ }).waitFor();
    await page.getByRole('button', { name: 'Reject' }).tap();
    await keepPicture(page, 'review-reject-phone', 'whole');
  });

  test('has no barrier', async () => {
    await visits.publish([createDoubt(91)]);
    const page = await visits.visit('#/review');
    await page.locator('.on-desk').waitFor();
    await pictureHasCome(page);
    await keepPicture(page, 'review', 'whole');
    await page.keyboard.press('2');
    await inspect(page, 'review-correct');
  });

  test('is not shown to those who may not decide', async () => {
    const page = await visits.visit('#/review', { permissions: ['events:read', 'images', 'search'] });
    await page.getByText('Your account may not see this.').waitFor();
    expect(await page.locator('.screens').getByText('Review').count()).toBe(0);
  });
});
