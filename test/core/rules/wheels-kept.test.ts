import { describe, expect, it } from 'vitest';
import { wheelsKept } from '../../../src/core/rules/wheels-kept.ts';
import { checkRule, findingsOf, fixed } from '../../helpers/rules.ts';

const build = 'FROM python:3.13 AS build\nFROM python:3.13-slim';

checkRule(wheelsKept, {
  base: build,
  finds: [
    ['COPY --from=build /wheels /wheels\nRUN pip install /wheels/*', 'pip install /wheels/*'],
    [
      'COPY --from=build /w /w\nRUN pip install --no-index --find-links=/w app',
      'pip install --no-index --find-links=/w app',
    ],
    [
      'COPY wheels/ /opt/wheels/\nRUN pip install -f /opt/wheels app && rm -rf /opt/wheels',
      'pip install -f /opt/wheels app',
    ],
    ['WORKDIR /src\nCOPY a.whl ./dist/\nRUN python3 -m pip install dist/a.whl', 'python3 -m pip install dist/a.whl'],
  ],
  leaves: [
    'RUN --mount=type=bind,from=build,source=/wheels,target=/wheels pip install /wheels/*',
    'COPY --from=build /wheels /wheels\nRUN pip install flask',
    'COPY . .\nRUN pip install -r requirements.txt',
    'COPY . /app\nRUN pip install --find-links=https://x/y app',
    'RUN pip wheel -w /wheels . && pip install /wheels/*',
    '# the next line\nCOPY --from=build /wheels /wheels\n# plimsoll-ignore wheels-kept\nRUN pip install /wheels/*',
  ],
});

describe('no fix', () => {
  it.each([
    // Removing what is mounted fails.
    'COPY --from=build /wheels /wheels\nRUN pip install /wheels/* && rm -rf /wheels',
    'COPY --from=build /wheels /wheels\nRUN pip install /wheels/*\nRUN ls /wheels',
    'COPY --from=build --chown=1:1 /wheels /wheels\nRUN pip install /wheels/*',
    'COPY --from=build /w* /wheels\nRUN pip install /wheels/*',
    'COPY --from=build /a /b /wheels/\nRUN pip install /wheels/*',
  ])('%j', (text) => {
    expect(findingsOf(wheelsKept, `${build}\n${text}\n`)).not.toEqual([]);
    expect(fixed(wheelsKept, `${build}\n${text}\n`)).toBe(`${build}\n${text}\n`);
  });
});
