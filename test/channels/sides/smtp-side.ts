import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { makeCertificate } from './http-side.ts';

export type Mail = Readonly<{ to: readonly string[]; text: string }>;

/** A real mail server with STARTTLS and one user, `gate` with `right`, which remembers its mails. */
export type SmtpSide = AsyncDisposable & {
  readonly port: number;
  readonly ca: string;
  readonly mails: Mail[];
  /** `cut` breaks the connection when it has the mail; a number is its answer to a mail, `rejects` to a recipient. */
  mode: 'well' | 'silent' | 'cut' | 'rejects' | number;
};

export async function openSmtpSide(options: SMTPServerOptions = {}): Promise<SmtpSide> {
  const { cert, key } = await makeCertificate();
  const answer = (code: number) => Object.assign(new Error('not now'), { responseCode: code });
  const server = new SMTPServer({
    ...{ cert, key, authMethods: ['PLAIN', 'LOGIN'], logger: false, closeTimeout: 100 },
    onAuth: ({ username, password }, _session, done) =>
      username === 'gate' && password === 'right' ? done(null, { user: username }) : done(answer(535)),
    onRcptTo: (_address, _session, done) => done(side.mode === 'rejects' ? answer(550) : null),
    async onData(stream, session, done) {
      // A client that gives up leaves half a mail.
      const mail = await text(stream).catch(() => undefined);
      if (mail === undefined) return;
      if (side.mode === 'silent') return;
      if (typeof side.mode === 'number') return done(answer(side.mode));
      side.mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text: mail });
      if (side.mode === 'cut') for (const connection of server.connections) connection.close();
      else done();
    },
    ...options,
  });
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const address = listening.address();
  const side: SmtpSide = {
    port: typeof address === 'object' && address ? address.port : 0,
    ca: cert,
    mails: [],
    mode: 'well',
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return side;
}
