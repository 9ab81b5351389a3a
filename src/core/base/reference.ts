/**
 * An image reference by the grammar of the OCI distribution project, normalised as Docker does: `golang` is
 * `docker.io/library/golang:latest`.
 */
export interface Reference {
  /** Host, with its port if it has one: `docker.io`, `ghcr.io`, `localhost:5000`. */
  readonly domain: string;
  /** Repository path below the domain: `library/golang`, `acme/app`. */
  readonly path: string;
  /** Absent only where there is a digest and no tag. */
  readonly tag?: string;
  /** `sha256:…`. */
  readonly digest?: string;
}
