import { npmCacheLeft } from '../../../src/core/rules/npm-cache-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(npmCacheLeft, {
  base: 'FROM node:24',
  finds: [
    ['RUN npm ci', 'npm ci'],
    ['RUN npm --prefix web install && npm run build', 'npm --prefix web install'],
    ['RUN npm i -g pnpm && npm ci', 'npm ci'],
    ['RUN npm cache clean --force && npm ci', 'npm ci'],
    ['RUN npm ci --cache /x', 'npm ci --cache /x'],
  ],
  leaves: [
    'RUN npm ci && npm cache clean --force',
    'RUN npm ci; npm cache rm --force',
    'RUN --mount=type=cache,target=/root/.npm npm ci',
    'RUN --mount=type=cache,target=/home/node/.npm,uid=1000 npm ci',
    'ENV npm_config_cache=/c\nRUN --mount=type=cache,target=/c npm ci',
    'RUN npm ci && rm -rf /root/.npm',
    'RUN npm ci && rm -rf ~/.npm',
    'RUN npm ci --cache /tmp/npm && rm -rf /tmp/npm',
    'RUN npm run build',
    'RUN npm install --package-lock-only',
    'RUN c() { npm cache clean --force; }; npm ci && c',
  ],
});
