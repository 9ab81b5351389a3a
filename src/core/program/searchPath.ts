/** `PATH` where nothing sets it: what engines set then (oci/defaults.go of moby), and what most base images set. */
export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The folders of `defaultPath`. */
export const defaultSearchPath: readonly string[] = defaultPath.split(':');
