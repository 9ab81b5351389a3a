/** `PATH` where nothing sets it: what engines set then (oci/defaults.go of moby), and what most base images set. */
export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The folders of `defaultPath`. */
export const defaultSearchPath: readonly string[] = defaultPath.split(':');

/** Where a program may be that is called by its name, if nothing sets `PATH`; a path means itself. */
export function defaultPathsOf(name: string): readonly string[] {
  return name.includes('/') ? [name] : defaultSearchPath.map((folder) => `${folder}/${name}`);
}
