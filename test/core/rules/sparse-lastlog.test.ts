import { sparseLastlog } from '../../../src/core/rules/sparse-lastlog.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(sparseLastlog, {
  base: 'FROM debian:12',
  finds: [
    ['RUN useradd -u 123456 app', 'useradd -u 123456 app'],
    ['RUN useradd --uid=1000000 app', 'useradd --uid=1000000 app'],
    ['ARG U=100000\nRUN useradd -mu ${U} app', 'useradd -mu ${U} app'],
  ],
  leaves: [
    'RUN useradd -u 1000 app',
    'RUN useradd -l -u 123456 app',
    'RUN useradd --no-log-init -u 123456 app',
    'RUN useradd app',
    'RUN adduser -u 123456 app',
    'RUN useradd -u $UNKNOWN app',
    'RUN groupadd -g 123456 app',
    '# hadolint ignore=DL3046\nRUN useradd -u 123456 app',
  ],
});
