import { wholeRootCopied } from '../../../src/core/rules/whole-root-copied.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(wholeRootCopied, {
  base: 'FROM debian:12 AS a\nFROM debian:12',
  finds: [
    ['COPY --from=a / /', 'COPY --from=a / /'],
    ['WORKDIR /\nCOPY --from=a / .', 'COPY --from=a / .'],
    ['COPY --from=a ["/", "/"]', 'COPY --from=a ["/", "/"]'],
  ],
  leaves: [
    'COPY --from=a /app /',
    'COPY . /',
    'COPY --from=a / /root',
    'FROM scratch\nCOPY --from=a / /',
    '# hadolint ignore=DL3067\nCOPY --from=a / /',
  ],
});
