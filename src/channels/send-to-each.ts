import { createHash } from 'node:crypto';
import { DeliveryError, type Message, type Receipt } from './channel.ts';

/**
 * Sends one message to several recipients side by side. Where some of them cannot be had now, those who have it are noted for the next
 * attempt, and get it once; who refuses it for ever is left out.
 */
export async function sendToEach(
  recipients: readonly string[],
  message: Message,
  send: (recipient: string) => Promise<string>,
): Promise<Receipt> {
  const done = new Map(Object.entries(message.progress ?? {}).map(([name, answer]) => [name, String(answer)]));
  const failures: DeliveryError[] = [];
  const refusals: DeliveryError[] = [];
  const left = recipients.filter((recipient) => !done.has(nameOf(recipient)));
  await Promise.all(
    left.map(async (recipient) => {
      try {
        done.set(nameOf(recipient), await send(recipient));
      } catch (error) {
        if (!(error instanceof DeliveryError)) throw error;
        (error.code === 'DELIVERY_REFUSED' ? refusals : failures).push(error);
      }
    }),
  );
  const [failure] = failures;
  const progress = Object.fromEntries(done);
  if (failure) {
    const retryAfterMs = Math.max(...failures.map((one) => one.retryAfterMs ?? 0)) || undefined;
    const mayHaveArrived = done.size > 0 || failures.some((one) => one.mayHaveArrived);
    throw new DeliveryError('DELIVERY_FAILED', `${failures.length} of ${recipients.length}: ${failure.message}`, {
      ...{ cause: failure, retryAfterMs, mayHaveArrived },
      ...(done.size > 0 && { progress }),
    });
  }
  const [refusal] = refusals;
  if (refusal && done.size === 0) throw refusal;
  const refused = refusals.map((one) => `refused: ${one.message}`);
  return { recipient: recipients.join(', '), answer: [...done.values(), ...refused].join('; ') };
}

/** Recipients may be long, and secret. */
function nameOf(recipient: string): string {
  return createHash('sha256').update(recipient).digest('base64url').slice(0, 16);
}
