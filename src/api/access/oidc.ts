import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { AlprError } from '../../base/errors.ts';
import type { Role } from '../../contract/access.ts';
import type { OidcConfig } from '../../identity/config.ts';
import type { KeyFile } from '../../identity/key-file.ts';

/** Who the provider says somebody is. */
export type ForeignPerson = Readonly<{ issuer: string; subject: string; name: string; role: Role }>;

/** What a browser keeps, sealed, between being sent to the provider and coming back. */
type Flow = Readonly<{ state: string; nonce: string; verifier: string; redirectUri: string; until: number }>;

const FLOW_MS = 600_000;

/** Signs people in with a provider of OpenID Connect: authorization code with PKCE, state and nonce. */
export class Oidc {
  readonly #config: OidcConfig;
  readonly #keyFile: KeyFile;
  #found: Promise<Configuration> | undefined;

  constructor(config: OidcConfig, keyFile: KeyFile) {
    this.#config = config;
    this.#keyFile = keyFile;
  }

  /** Where to send the browser, and what it brings back as a cookie. */
  async begin(redirectUri: string): Promise<Readonly<{ url: string; flow: string }>> {
    const provider = await this.#find();
    const flow: Flow = {
      state: randomState(),
      nonce: randomNonce(),
      verifier: randomPKCECodeVerifier(),
      redirectUri,
      until: Date.now() + FLOW_MS,
    };
    const url = buildAuthorizationUrl(provider, {
      redirect_uri: redirectUri,
      scope: this.#config.scopes,
      state: flow.state,
      nonce: flow.nonce,
      code_challenge: await calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, flow: this.#keyFile.seal(Buffer.from(JSON.stringify(flow))).toString('base64url') };
  }

  /** Exchanges what came back for a person. SIGN_IN_FAILED when it does not fit, FORBIDDEN without a role. */
  async finish(flowText: string, search: string): Promise<ForeignPerson> {
    const { state, nonce, verifier, redirectUri } = this.#openFlow(flowText);
    const provider = await this.#find();
    const came = new URL(redirectUri);
    came.search = search;
    try {
      const answer = await authorizationCodeGrant(provider, came, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = answer.claims();
      if (!claims) throw new Error('expected an id token');
      return this.#describe(claims);
    } catch (cause) {
      if (cause instanceof AlprError) throw cause;
      throw new AlprError('SIGN_IN_FAILED', `${this.#config.name} did not sign you in; try again`, { cause });
    }
  }

  #openFlow(text: string): Flow {
    try {
      // What our own key opens is what we wrote.
      const flow: Flow = JSON.parse(this.#keyFile.unseal(Buffer.from(text, 'base64url')).toString());
      if (flow.until < Date.now()) throw new Error('it took too long');
      return flow;
    } catch (cause) {
      throw new AlprError('SIGN_IN_FAILED', 'This sign-in was not begun in this browser, or long ago; try again', {
        cause,
      });
    }
  }

  #describe(claims: Readonly<Record<string, unknown> & { iss: string; sub: string }>): ForeignPerson {
    const { role_claim, roles, name_claim, name } = this.#config;
    const given = [claims[role_claim]].flat();
    const role = Object.entries(roles).find(([value]) => given.includes(value))?.[1];
    if (role === undefined) {
      throw new AlprError('FORBIDDEN', `Expected ${name} to give you a role here; ask an administrator for one`);
    }
    const called = claims[name_claim];
    return {
      issuer: claims.iss,
      subject: claims.sub,
      name: typeof called === 'string' && called !== '' ? called.slice(0, 64) : claims.sub.slice(0, 64),
      role,
    };
  }

  /** What the provider can do is asked when somebody first signs in, and again after a failure. */
  #find(): Promise<Configuration> {
    const { issuer, client_id, client_secret } = this.#config;
    const isLocal = /^http:\/\/(?:localhost|127\.0\.0\.1)(?::|\/|$)/.test(issuer);
    this.#found ??= discovery(new URL(issuer), client_id, client_secret, undefined, {
      ...(isLocal && { execute: [allowInsecureRequests] }),
      timeout: 10,
    }).catch((cause: unknown) => {
      this.#found = undefined;
      throw new AlprError('SIGN_IN_FAILED', `${this.#config.name} does not answer; try again in a moment`, { cause });
    });
    return this.#found;
  }
}
