import { sourcesBeforeDependencies } from '../../../src/core/rules/sources-before-dependencies.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(sourcesBeforeDependencies, {
  base: 'FROM node:24\nWORKDIR /app',
  finds: [
    ['COPY . .\nRUN npm ci', 'npm ci'],
    ['COPY . /app\nRUN pip install -r requirements.txt', 'pip install -r requirements.txt'],
    ['ADD ./ ./\nRUN go mod download && go build', 'go mod download'],
    ['COPY . .\nRUN yarn\nFROM scratch\nCOPY --from=0 /app /app', 'yarn'],
  ],
  leaves: [
    'COPY package.json .\nRUN npm ci\nCOPY . .',
    'COPY . .\nRUN npm install -g x',
    'COPY . .\nRUN pip install flask',
    'COPY --from=0 . .\nRUN npm ci',
    'COPY . .\nRUN --mount=type=cache,target=/root/.npm npm ci',
    'COPY package.json .\nRUN npm ci\nCOPY . .\nRUN npm ci',
  ],
});
