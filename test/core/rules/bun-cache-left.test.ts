import { bunCacheLeft } from '../../../src/core/rules/bun-cache-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(bunCacheLeft, {
  base: 'FROM oven/bun:1',
  finds: [
    ['RUN bun install', 'bun install'],
    ['RUN bun add x', 'bun add x'],
  ],
  leaves: [
    'RUN bun install && rm -rf ~/.bun/install/cache',
    'RUN --mount=type=cache,target=/root/.bun/install/cache bun install',
    'RUN bun run build',
    'RUN bun install --no-cache',
    'RUN bun install && bun pm cache rm',
  ],
});
