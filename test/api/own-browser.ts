import { type AccountsConfig, accountsConfigSchema } from '../../src/identity/config.ts';

/** A browser in which our page runs: it keeps cookies, and says where its requests come from. */
export class OwnBrowser {
  readonly cookies = new Map<string, string>();
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  /** The last `Set-Cookie` of each name, as it came. */
  readonly set = new Map<string, string>();

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    this.#url = url;
    this.#headers = headers;
  }

  /** Headers replace those of our page; an empty one is not sent. Parameters go as a form, other objects as JSON. */
  async ask(method: string, path: string, body?: object, headers: Readonly<Record<string, string>> = {}) {
    const own = { origin: this.#url, 'x-requested-with': 'alpr', cookie: this.#format(), ...this.#headers, ...headers };
    const isForm = body instanceof URLSearchParams;
    const json = body && !isForm && { 'content-type': 'application/json' };
    const response = await fetch(this.#url + path, {
      method,
      redirect: 'manual',
      headers: Object.fromEntries(Object.entries({ ...own, ...json }).filter(([, value]) => value)),
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return response;
  }

  get(path: string) {
    return this.ask('GET', path);
  }

  post(path: string, body?: object, headers?: Readonly<Record<string, string>>) {
    return this.ask('POST', path, body, headers);
  }

  /** What `/auth/me` says. */
  async me(): Promise<Readonly<Record<string, unknown>> | null> {
    return ((await (await this.get('/auth/me')).json()) as { who: Readonly<Record<string, unknown>> | null }).who;
  }

  #format(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    this.set.set(name, line);
    if (value === '') this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** Accounts whose passwords are hashed quickly: below what a configuration may say, because tests sign in often. */
export function makeAccounts(config: object = {}): AccountsConfig {
  const accounts = accountsConfigSchema.parse(config);
  return { ...accounts, password: { ...accounts.password, memory_kib: 512, passes: 1 } };
}

export const PASSWORD = 'rather wet umbrellas';

/** Status and code of an answer. */
export async function codeOf(response: Response): Promise<readonly [number, string | undefined]> {
  const text = await response.text();
  return [response.status, text === '' ? undefined : JSON.parse(text).code];
}
