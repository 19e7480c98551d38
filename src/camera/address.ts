/** The parts of a configured stream that say where it is and who may see it. */
export type Address = Readonly<{ url: string; username?: string | undefined; password?: string | undefined }>;

const USER_INFO = /^([a-z]+:\/\/)(?:([^\s/]*)@)?/i;

/** The url with the credentials in it, as ffmpeg wants it. Never to be shown. */
export function addCredentials({ url, username, password }: Address): string {
  if (username === undefined) return url;
  const user = encodeURIComponent(username);
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`;
  return url.replace(USER_INFO, (_, scheme: string) => `${scheme}${user}${secret}@`);
}

/** Makes a function that takes the credentials of an address out of any text. */
export function createMask({ url, password }: Address): (text: string) => string {
  const inUrl = USER_INFO.exec(url)?.[2]?.split(':').slice(1).join(':');
  const secrets = [password, inUrl]
    .flatMap((secret) => (secret ? [secret, encodeURIComponent(secret)] : []))
    .filter((secret) => secret.length >= 4);
  return (text) => {
    const bare = text.replaceAll(/([a-z]+:\/\/)[^\s/'"]*@/gi, '$1***@');
    return secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), bare);
  };
}
