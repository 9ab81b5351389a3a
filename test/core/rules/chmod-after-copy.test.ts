import { chmodAfterCopy } from '../../../src/core/rules/chmod-after-copy.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(chmodAfterCopy, {
  base: 'FROM debian:12',
  finds: [
    ['COPY a.sh /a.sh\nRUN chmod +x /a.sh', 'chmod +x /a.sh'],
    ['COPY a.sh b.sh /bin/\nRUN chmod 755 /bin/a.sh /bin/b.sh', 'chmod 755 /bin/a.sh /bin/b.sh'],
    ['COPY . /app\nRUN chmod -R g+w /app', 'chmod -R g+w /app'],
    ['COPY a.sh /usr/local/bin/\nRUN chmod +x /usr/local/bin/*', 'chmod +x /usr/local/bin/*'],
  ],
  leaves: [
    'RUN chmod +x /a.sh',
    'COPY a.sh /a.sh\nRUN chmod +x /b.sh',
    'COPY --chmod=755 a.sh /a.sh',
    'RUN curl -o /a https://x && chmod +x /a',
  ],
});
