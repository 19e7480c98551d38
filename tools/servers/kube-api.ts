import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import path from 'node:path';
import { promisify } from 'node:util';
import { installedFolder } from './cache.ts';
import { keepPorts } from './ports.ts';
import { keepSecret } from './secret.ts';
import { openServerFolder, ServerControl } from './server.ts';

const run = promisify(execFile);

/** `kubeconfig` is a file for an administrator; `ask` sends one request as that administrator and resolves to the status and body. */
export type KubeApi = Readonly<{
  kubeconfig: string;
  ask: (method: string, address: string, body?: object) => Promise<Readonly<{ status: number; body: unknown }>>;
  control: ServerControl;
}> &
  AsyncDisposable;

/** The API of Kubernetes 1.33 on its own etcd, on free ports of 127.0.0.1. Objects are checked and kept; nothing runs them. */
export async function startKubeApi(options: Readonly<{ folder?: string }> = {}): Promise<KubeApi> {
  const folder = await openServerFolder('kube-api', options.folder);
  const [api = 0, client = 0, peer = 0] = await keepPorts(3, folder);
  const at = (name: string) => path.join(folder.path, name);
  const token = await keepSecret(at('token'));
  await writeFile(at('tokens.csv'), `${token},admin,admin,"system:masters"\n`, { mode: 0o600 });
  await run('openssl', ['genrsa', '-out', at('accounts.key'), '2048']);
  const ask = createAsk(api, token);
  const control = await ServerControl.start({
    name: 'kube-api',
    folder,
    command: {
      command: [
        path.join(installedFolder('kube-api'), 'kube-api'),
        ...['--etcd-servers', `http://127.0.0.1:${client}`],
        ...['--bind-address', '127.0.0.1', '--secure-port', String(api), '--cert-dir', at('certificates')],
        ...['--token-auth-file', at('tokens.csv'), '--authorization-mode', 'RBAC'],
        ...['--service-account-issuer', 'https://kubernetes.default.svc', '--service-cluster-ip-range', '10.0.0.0/24'],
        ...['--service-account-key-file', at('accounts.key'), '--service-account-signing-key-file', at('accounts.key')],
      ],
      environment: {
        ETCD_FOLDER: at('etcd'),
        ETCD_URL: `http://127.0.0.1:${client}`,
        ETCD_PEER_URL: `http://127.0.0.1:${peer}`,
      },
    },
    isReady: async () => (await ask('GET', '/readyz')).status === 200,
  });
  await writeFile(at('kubeconfig'), JSON.stringify(createKubeconfig(api, token)), { mode: 0o600 });
  return { kubeconfig: at('kubeconfig'), ask, control, [Symbol.asyncDispose]: () => control[Symbol.asyncDispose]() };
}

function createKubeconfig(port: number, token: string): object {
  const name = 'here';
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server: `https://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
}

function createAsk(port: number, token: string): KubeApi['ask'] {
  return (method, address, body) =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const options = { host: '127.0.0.1', port, path: address, method, headers, rejectUnauthorized: false };
      const asking = request(options, async (response) => {
        const text = (await Array.fromAsync(response)).join('');
        const isJson = response.headers['content-type'] === 'application/json';
        resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : text });
      });
      asking.once('error', reject);
      asking.end(body && JSON.stringify(body));
    });
}
