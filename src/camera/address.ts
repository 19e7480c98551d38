/** The address and the credentials of a configured stream. */
export type Address = Readonly<{ url: string; username?: string | undefined; password?: string | undefined }>;

const USER_INFO = /^([a-z]+:\/\/)(?:([^\s/]*)@)?/i;

/** The URL with its credentials, as ffmpeg needs it. Never show it. */
export function addCredentials({ url, username, password }: Address): string {
  if (username === undefined) return url;
  const user = encodeURIComponent(username);
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`;
  return url.replace(USER_INFO, (_, scheme: string) => `${scheme}${user}${secret}@`);
}

/** Creates a function that removes the credentials of an address from any text. */
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
