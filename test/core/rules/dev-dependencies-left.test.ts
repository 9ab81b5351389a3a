import { devDependenciesLeft } from '../../../src/core/rules/dev-dependencies-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(devDependenciesLeft, {
  base: 'FROM node:24',
  finds: [
    ['RUN npm ci', 'npm ci'],
    ['RUN npm install --legacy-peer-deps', 'npm install --legacy-peer-deps'],
    ['RUN yarn install --frozen-lockfile', 'yarn install --frozen-lockfile'],
    ['RUN composer install', 'composer install'],
    ['RUN pnpm i\nCMD ["node", "a.js"]', 'pnpm i'],
  ],
  leaves: [
    'RUN npm ci --omit=dev',
    'RUN npm install --production',
    'RUN npm ci --only=production',
    'ENV NODE_ENV=production\nRUN npm ci',
    'RUN NODE_ENV=production npm ci',
    'RUN npm install express',
    'RUN npm install -g pnpm',
    'RUN npm ci && npm run build && npm prune --omit=dev',
    'RUN npm ci\nCMD npm run dev',
    'RUN npm ci\nCMD ["nodemon", "a.js"]',
    'RUN composer install --no-dev',
    'RUN npm ci\nFROM nginx\nCOPY --from=0 /dist /usr/share/nginx/html',
    'RUN pnpm i --prod',
  ],
});
