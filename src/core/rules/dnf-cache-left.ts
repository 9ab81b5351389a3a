import { cacheLeft, verbOf } from './cacheLeft.ts';
import { hasArgument } from './scene/program.ts';

const managers = /^(?:dnf|dnf5|dnf-3|yum|microdnf|tdnf)$/;
const verbs = new Set(
  [
    'install',
    'reinstall',
    'update',
    'upgrade',
    'localinstall',
    'groupinstall',
    'group',
    'module',
    'builddep',
    'distro-sync',
  ].concat(['makecache', 'swap', 'upgrade-minimal', 'update-minimal']),
);

export const dnfCacheLeft = cacheLeft({
  id: 'dnf-cache-left',
  title: 'Cache of dnf, microdnf, tdnf and yum',
  why: 'The package managers of Fedora, Red Hat and their relatives keep the metadata of all repositories, and often the packages, below `/var/cache`. `dnf clean all` in the same `RUN` removes them; a cache mount on `/var/cache/dnf`, `/var/cache/libdnf5` or `/var/cache/yum` keeps them out.',
  hadolint: ['DL3032', 'DL3040'],
  message: 'The package manager’s metadata and packages stay in this layer. Clean its cache in the same RUN.',
  writes: (program) =>
    managers.test(program.name) && !hasArgument(program, /^--installroot|^--downloadonly|^--cacheonly|^-C$/)
      ? verbOf(
          program,
          verbs,
          /^(?:-c|--config|--enablerepo|--disablerepo|--releasever|--setopt|-x|--exclude|-d|-e|-R|--repo)$/,
        )
      : undefined,
  places: ['/var/cache/dnf', '/var/cache/yum', '/var/cache/libdnf5', '/var/cache/tdnf'],
  cleans: ({ name, args }) => managers.test(name) && args.some(({ value }) => value === 'clean'),
  mend: { command: ({ name }) => `${name} clean all`, title: 'Clean the cache in this RUN' },
});
