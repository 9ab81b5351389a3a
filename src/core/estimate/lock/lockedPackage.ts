/** A package of Node.js that a lock file names. */
export interface LockedPackage {
  /** As the registry knows it: `@scope/name` or `name`. */
  readonly name: string;
  readonly version: string;
  /** Not installed with `--omit=dev`. */
  readonly development: boolean;
  /** May be missing: most of them are for another platform. */
  readonly optional: boolean;
}
