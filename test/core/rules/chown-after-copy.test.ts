import { chownAfterCopy } from '../../../src/core/rules/chown-after-copy.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(chownAfterCopy, {
  base: 'FROM debian:12',
  finds: [
    ['COPY . /app\nRUN chown -R app:app /app', 'chown -R app:app /app'],
    ['WORKDIR /app\nCOPY . .\nRUN chown -R app .', 'chown -R app .'],
    ['COPY a /srv/a\nRUN x && chown --recursive app /srv', 'chown --recursive app /srv'],
    ['COPY . /app\nRUN cd /app && chown -R app .', 'chown -R app .'],
    ['COPY --from=0 /x /app\nUSER root\nRUN sudo chown -hR 1000:1000 /app', 'sudo chown -hR 1000:1000 /app'],
    ['COPY . /app\nRUN chown -R app:app /app/*', 'chown -R app:app /app/*'],
    ['COPY . /app\nRUN chown -R app:app /app/logs', 'chown -R app:app /app/logs'],
  ],
  leaves: [
    'COPY . /app\nRUN chown app /app',
    'COPY . /app\nRUN chown -R app /data',
    'RUN chown -R app /app',
    'RUN mkdir /app && chown -R app /app\nCOPY . /app',
    'COPY . /app\nRUN --mount=type=bind,target=/app,rw chown -R app /app',
    'COPY a /usr/local/bin/a\nRUN chown -R app /home/app',
    'COPY --chown=app . /app',
    'COPY . /app\nRUN chown -R app $UNKNOWN',
  ],
});
