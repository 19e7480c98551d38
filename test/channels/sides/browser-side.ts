import { createDecipheriv, createECDH, type ECDH, hkdfSync, randomBytes } from 'node:crypto';

/** A browser with a subscription: what it gives away, and what it reads of a message (RFC 8291, RFC 8188). */
export type BrowserSide = Readonly<{
  keys: Readonly<{ p256dh: string; auth: string }>;
  read(message: Buffer): string;
}>;

export function createBrowserSide(given?: Readonly<{ privateKey: Buffer; auth: Buffer }>): BrowserSide {
  const pair: ECDH = createECDH('prime256v1');
  if (given) pair.setPrivateKey(given.privateKey);
  else pair.generateKeys();
  const auth = given?.auth ?? randomBytes(16);
  return {
    keys: { p256dh: pair.getPublicKey('base64url'), auth: auth.toString('base64url') },
    read(message) {
      const salt = message.subarray(0, 16);
      const keyEnd = 21 + message.readUInt8(20);
      const sender = message.subarray(21, keyEnd);
      const shared = pair.computeSecret(sender);
      const info = Buffer.concat([Buffer.from('WebPush: info\0'), pair.getPublicKey(), sender]);
      const secret = Buffer.from(hkdfSync('sha256', shared, auth, info, 32));
      const derive = (use: string, length: number) =>
        Buffer.from(hkdfSync('sha256', secret, salt, `Content-Encoding: ${use}\0`, length));
      const sealed = message.subarray(keyEnd);
      const cipher = createDecipheriv('aes-128-gcm', derive('aes128gcm', 16), derive('nonce', 12));
      cipher.setAuthTag(sealed.subarray(-16));
      const padded = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
      return padded.subarray(0, padded.lastIndexOf(2)).toString('utf8');
    },
  };
}
