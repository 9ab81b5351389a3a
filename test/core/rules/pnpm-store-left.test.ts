import { pnpmStoreLeft } from '../../../src/core/rules/pnpm-store-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(pnpmStoreLeft, {
  base: 'FROM node:24',
  finds: [
    ['RUN pnpm install', 'pnpm install'],
    ['RUN pnpm -C web i', 'pnpm -C web i'],
  ],
  leaves: [
    'RUN pnpm install && pnpm store prune',
    'RUN --mount=type=cache,target=/root/.local/share/pnpm/store pnpm install',
    'ENV PNPM_HOME=/p\nRUN --mount=type=cache,target=/p/store pnpm i',
    'RUN --mount=type=cache,target=/pnpm/store pnpm i',
    'RUN pnpm run build',
    'RUN pnpm i --store-dir /s && rm -rf /s',
  ],
});
