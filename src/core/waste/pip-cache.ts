import { cacheDetector } from './places.ts';

export const pipCache = cacheDetector({
  id: 'pip-cache',
  title: 'Caches of pip, uv, Poetry and Pipenv',
  why: 'Downloaded and built wheels. Installed packages do not need them.',
  places: {
    anywhere: ['.cache/pip', '.cache/uv', '.cache/pypoetry/cache', '.cache/pypoetry/artifacts', '.cache/pipenv'],
    variables: [
      ['PIP_CACHE_DIR', ''],
      ['UV_CACHE_DIR', ''],
      ['PIPENV_CACHE_DIR', ''],
      ['POETRY_CACHE_DIR', 'cache'],
      ['POETRY_CACHE_DIR', 'artifacts'],
    ],
  },
  advice:
    'Install with `pip install --no-cache-dir` (uv: `--no-cache`), or `RUN --mount=type=cache,target=/root/.cache/pip`.',
  readBy: ['uvx'],
});
