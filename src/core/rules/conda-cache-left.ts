import { cacheLeft, verbOf } from './cacheLeft.ts';

const tools = /^(?:conda|mamba|micromamba)$/;
const verbs = new Set(['install', 'create', 'update', 'upgrade', 'env']);

export const condaCacheLeft = cacheLeft({
  id: 'conda-cache-left',
  title: 'Package cache of conda',
  why: 'conda keeps the archive of every package, and index files, in its `pkgs` folder. `conda clean -afy` in the same `RUN` removes them.',
  message: 'conda keeps the archives of all that it installs in this layer. Clean them in the same RUN.',
  writes: (program) => (tools.test(program.name) ? verbOf(program, verbs) : undefined),
  places: ['/opt/conda/pkgs', '~/.conda/pkgs'],
  variables: [['CONDA_PKGS_DIRS', '']],
  cleans: ({ name, args }) => tools.test(name) && args.some(({ value }) => value === 'clean'),
  mend: { command: ({ name }) => `${name} clean -afy`, title: 'Clean the package cache in this RUN' },
});
