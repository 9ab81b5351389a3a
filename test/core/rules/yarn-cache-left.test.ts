import { yarnCacheLeft } from '../../../src/core/rules/yarn-cache-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(yarnCacheLeft, {
  base: 'FROM node:24',
  finds: [
    ['RUN yarn install', 'yarn install'],
    ['RUN yarn', 'yarn'],
    ['RUN yarn --frozen-lockfile', 'yarn --frozen-lockfile'],
    ['RUN yarn global add x', 'yarn global add x'],
    ['RUN yarn cache clean && yarn install', 'yarn install'],
  ],
  leaves: [
    'RUN yarn install && yarn cache clean',
    'RUN --mount=type=cache,target=/usr/local/share/.cache yarn',
    'RUN --mount=type=cache,target=/root/.cache/yarn yarn',
    'ENV YARN_CACHE_FOLDER=/y\nRUN --mount=type=cache,target=/y yarn',
    'RUN yarn build',
    'RUN yarn run build',
    'RUN yarn --version',
    'COPY .yarnrc.yml .\nRUN yarn install',
    'RUN yarn set version berry && yarn install',
    'RUN yarn install --immutable',
    '# hadolint ignore=DL3060\nRUN yarn',
  ],
});
