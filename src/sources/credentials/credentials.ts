/** What a user has for a registry. Stays in memory; never part of a message. */
export type Credential =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** An OAuth2 refresh token, good for the registry's token server only. */
  | { readonly kind: 'identity'; readonly token: string }
  /** A bearer token for the registry itself. */
  | { readonly kind: 'registry'; readonly token: string };

export interface CredentialAnswer {
  readonly credential?: Credential;
  /** Where it comes from, for people: `~/.docker/config.json`, `docker-credential-desktop`. */
  readonly from?: string;
  /** One sentence about what stood in the way (a broken file, a helper that hangs); asking goes on without it. */
  readonly problem?: string;
}

/** Something that knows users' credentials. Never throws but for the signal's reason. */
export interface CredentialSource {
  /** For a repository as a reference names it: `docker.io` and `library/golang`. */
  find(domain: string, path: string, signal: AbortSignal): Promise<CredentialAnswer>;
}
