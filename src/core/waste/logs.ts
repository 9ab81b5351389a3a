import { cacheDetector } from './places.ts';

export const logs = cacheDetector({
  id: 'logs',
  title: 'Logs of the build',
  why: 'What installers wrote while the image was built. Programs make their logs anew.',
  places: {
    at: ['/var/log'],
    anywhere: ['npm-debug.log', 'yarn-error.log', 'yarn-debug.log', 'lerna-debug.log', '.pnpm-debug.log'],
  },
  advice: 'Delete them in the RUN that made them: `rm -rf /var/log/*`; keep folders that a service expects.',
});
