import { AlprError } from './errors.ts';

type Listener = Readonly<{ listen(address: Readonly<{ host: string; port: number }>): Promise<string> }>;

/**
 * Opens a server at the address that `setting` names, and resolves to its URL. PORT_IN_USE when another process listens there,
 * CONFIG_INVALID when this machine has no such address or we may not listen there.
 */
export async function listenAt(
  server: Listener,
  { host, port, setting }: Readonly<{ host: string; port: number; setting: string }>,
): Promise<string> {
  try {
    return await server.listen({ host, port });
  } catch (cause) {
    throw explain(cause, `${host}:${port}`, setting);
  }
}

function explain(cause: unknown, address: string, setting: string): unknown {
  switch (cause instanceof Error && 'code' in cause ? cause.code : undefined) {
    case 'EADDRINUSE': {
      const advice = `stop it or set ${setting} to another port (0 takes any)`;
      const message = `Expected ${address} to be free, but another process listens there; ${advice}`;
      return new AlprError('PORT_IN_USE', message, { cause });
    }
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND': {
      const advice = 'name one of its own, or 0.0.0.0 for all of them';
      return new AlprError('CONFIG_INVALID', `Expected an address of this machine, got ${address}; ${advice}`, {
        cause,
      });
    }
    case 'EACCES':
      return new AlprError(
        'CONFIG_INVALID',
        `Expected to be allowed to listen on ${address}; set ${setting} to a port above 1023`,
        { cause },
      );
    default:
      return cause;
  }
}
