import { uvCacheLeft } from '../../../src/core/rules/uv-cache-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(uvCacheLeft, {
  base: 'FROM python:3.13',
  finds: [
    ['RUN uv sync', 'uv sync'],
    ['RUN uv pip install flask', 'uv pip install flask'],
    ['RUN uv tool install x', 'uv tool install x'],
  ],
  leaves: [
    'RUN uv sync --no-cache',
    'ENV UV_NO_CACHE=1\nRUN uv sync',
    'RUN --mount=type=cache,target=/root/.cache/uv uv sync',
    'RUN uv pip list',
    'RUN uv sync && uv cache clean',
    'RUN uv sync && rm -rf /root/.cache/uv',
    'RUN uv --version',
  ],
});
