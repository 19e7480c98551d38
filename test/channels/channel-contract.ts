import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Channel, DeliveryError } from '../../src/channels/channel.ts';
import type { ChannelInput, ChannelKind } from '../../src/contract/channel.ts';
import { splitSecrets } from '../../src/contract/channel-secrets.ts';
import { makeAlert, reviseAlert } from '../alerts/make-alert.ts';
import { describeWith } from '../servers/servers.ts';
import { makeMessage, openChannel } from './open-channel.ts';
import { OTHER_SIDES, type OtherSide } from './other-sides.ts';

/** What every kind of channel must do. */
export function testChannel(kind: ChannelKind): void {
  describeWith(kind === 'mqtt' ? ['mosquitto'] : [], `A channel: ${kind}`, () => {
    let side: OtherSide;
    let channel: Channel;
    beforeAll(async () => {
      side = await OTHER_SIDES[kind]();
      channel = await openChannel(side.channel, side.push);
    }, 30_000);
    afterAll(async () => {
      await channel?.[Symbol.asyncDispose]();
      await side?.[Symbol.asyncDispose]();
    });
    const last = async () => expect.poll(() => side.got().at(-1)).toBeDefined();

    test('hands over the alert under the name of the message', async () => {
      const message = makeMessage({ key: 'first-1', alert: makeAlert({}, 'HH77X') });
      const receipt = await channel.send(message);
      expect(receipt).toMatchObject({ recipient: expect.stringMatching(/./), answer: expect.stringMatching(/./) });
      await last();
      const got = side.got().at(-1);
      expect(got?.key).toBe('first-1');
      expect(got?.text).toContain('HH77X');
    });

    test('says of a correction that it is one', async () => {
      const alert = makeAlert({}, 'HH77X');
      const { reference } = await channel.send(makeMessage({ key: 'a-1', alert }));
      const corrected = reviseAlert(makeAlert({ alert_id: alert.alert_id }, 'HH77Y'), 'corrected');
      const earlier = reference && { earlier: reference };
      await channel.send(makeMessage({ key: 'a-2', kind: 'corrected', alert: corrected, ...earlier }));
      await expect.poll(() => side.got().at(-1)?.text).toMatch(/HH77Y/);
      expect(side.got().at(-1)?.text).toMatch(/corrected/i);
    });

    test('gives no secret away in what it tells', async () => {
      const secrets = Object.values(splitSecrets(side.channel).secrets);
      const { recipient, answer } = await channel.send(makeMessage({ kind: 'test' }));
      for (const secret of secrets) expect(`${recipient} ${answer}`).not.toContain(secret);
    });

    test('fails for now where nothing listens, and knows that nothing arrived', async () => {
      if (kind === 'web_push') return;
      const fault = await failOf(side.elsewhere);
      expect(fault).toMatchObject({ code: 'DELIVERY_FAILED', mayHaveArrived: false });
    });

    test('fails for now where the certificate is of somebody unknown, and knows that nothing arrived', async () => {
      if (kind === 'web_push') return;
      const { ca: _, ...stranger } = side.channel as ChannelInput & { ca?: string };
      expect(await failOf(stranger)).toMatchObject({
        code: 'DELIVERY_FAILED',
        mayHaveArrived: false,
        message: expect.stringMatching(/certificate/i),
      });
    });
  });

  async function failOf(input: ChannelInput): Promise<DeliveryError> {
    await using channel = await openChannel(input);
    const fault: unknown = await channel.send(makeMessage()).catch((error: unknown) => error);
    if (!(fault instanceof DeliveryError)) throw new Error(`expected a DeliveryError, got ${fault}`);
    return fault;
  }
}
