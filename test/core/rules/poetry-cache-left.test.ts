import { poetryCacheLeft } from '../../../src/core/rules/poetry-cache-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(poetryCacheLeft, {
  base: 'FROM python:3.13-slim',
  finds: [
    ['RUN poetry install --only main', 'poetry install --only main'],
    ['RUN python3 -m poetry install', 'python3 -m poetry install'],
    ['RUN poetry add flask && poetry install', 'poetry install'],
    ['RUN poetry install && rm -rf /tmp/x', 'poetry install'],
    ['RUN poetry install && rm -rf ~/.cache/pip', 'poetry install'],
  ],
  leaves: [
    'RUN poetry install && rm -rf ~/.cache/pypoetry/artifacts ~/.cache/pypoetry/cache',
    'RUN poetry install && rm -rf /root/.cache',
    'RUN poetry install && poetry cache clear --all . -n',
    'RUN --mount=type=cache,target=/root/.cache/pypoetry poetry install',
    'ENV POETRY_CACHE_DIR=/tmp/poetry\nRUN poetry install && rm -rf $POETRY_CACHE_DIR',
    'ENV POETRY_CACHE_DIR=/tmp/poetry\nRUN --mount=type=tmpfs,target=/tmp poetry install',
    'RUN poetry export -o r.txt',
    'RUN poetry config virtualenvs.create false',
    '# plimsoll-ignore poetry-cache-left: wanted\nRUN poetry install',
  ],
});
