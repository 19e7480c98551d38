import { AlprError } from '../base/errors.ts';
import type { KeyFile } from './key-file.ts';

/** A camera as it was given, without what nobody may see again. */
export type Settings = Readonly<Record<string, unknown>>;

/** What nobody may see again, and what takes the place of the rest of a camera. */
export type Secrets = Readonly<{ url?: string; username?: string; password?: string }>;

export type Parted = Readonly<{ settings: Settings; secrets: Secrets }>;

const PARTS = /^([a-z]+:\/\/)(?:([^\s/]*)@)?([^\s/?#]*)([^\s?#]*)(\?\S*)?$/i;

/** Stands for the query of an address, which may hold a password. */
const HIDDEN = '?…';

/**
 * Parts a camera from its secrets: user name, password, and the query of its address. What is left out stays as it was before, null
 * removes it; but for another host nothing stays, so that nobody has a password sent elsewhere.
 */
export function partSecrets(given: Settings, before?: Parted): Parted {
  const { username, password, ...rest } = given;
  const address = typeof rest.url === 'string' ? readAddress(rest.url, before) : undefined;
  const stays = before !== undefined && hostOf(address?.full) === hostOf(urlOf(before)) ? before.secrets : {};
  const secrets = {
    ...(address?.full.includes('?') && { url: address.full }),
    ...choose('username', username ?? (username === null ? null : address?.username), stays.username),
    ...choose('password', password ?? (password === null ? null : address?.password), stays.password),
  };
  const settings = { ...rest, ...(address && { url: hideQuery(address.full) }) };
  return { settings, secrets };
}

/** The address without credentials, and these. */
function readAddress(url: string, before: Parted | undefined) {
  const [, scheme, user, host, path, query = ''] = PARTS.exec(url) ?? [];
  // What is no address is refused as such later.
  if (scheme === undefined) return { full: url };
  const [username, ...password] = user?.split(':') ?? [];
  const bare = `${scheme}${host}${path}${query}`;
  const full = query === HIDDEN && before?.settings.url === bare ? urlOf(before) : bare;
  if (full === undefined || full.endsWith(HIDDEN)) {
    throw new AlprError(
      'INPUT_INVALID',
      'Expected the whole address of the camera; what was hidden of it is not known any more',
    );
  }
  return {
    full,
    ...(username && { username: decode(username) }),
    ...(password.length > 0 && { password: decode(password.join(':')) }),
  };
}

function choose(name: 'username' | 'password', given: unknown, before: string | undefined): Secrets {
  const value = given === undefined ? before : given;
  // Anything but a text is refused as such later.
  return value === null || value === undefined ? {} : { [name]: value };
}

function urlOf({ settings, secrets }: Parted): string | undefined {
  return secrets.url ?? (typeof settings.url === 'string' ? settings.url : undefined);
}

function hostOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : PARTS.exec(url)?.[3]?.toLowerCase();
}

function hideQuery(url: string): string {
  return url.replace(/\?.*$/s, HIDDEN);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Secrets as they lie in the database and on topics; null where there are none. */
export function sealSecrets(secrets: Secrets, keyFile: KeyFile): string | null {
  if (Object.keys(secrets).length === 0) return null;
  return keyFile.seal(Buffer.from(JSON.stringify(secrets))).toString('base64');
}

/** The same again. CONFIG_INVALID where another key has sealed them. */
export function unsealSecrets(sealed: string | null, keyFile: KeyFile): Secrets {
  return sealed === null ? {} : JSON.parse(keyFile.unseal(Buffer.from(sealed, 'base64')).toString());
}
