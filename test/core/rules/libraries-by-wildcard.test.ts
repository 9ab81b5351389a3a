import { librariesByWildcard } from '../../../src/core/rules/libraries-by-wildcard.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(librariesByWildcard, {
  base: 'FROM debian:12 AS b\nFROM debian:12',
  finds: [
    [
      'COPY --from=b /usr/lib/x86_64-linux-gnu/libpq.so* /usr/lib/',
      'COPY --from=b /usr/lib/x86_64-linux-gnu/libpq.so* /usr/lib/',
    ],
    ['COPY --from=b /lib/*.so /lib/', 'COPY --from=b /lib/*.so /lib/'],
    ['COPY --from=b /usr/lib/libssl* /lib/', 'COPY --from=b /usr/lib/libssl* /lib/'],
  ],
  leaves: [
    'COPY --from=b /libs/ /usr/lib/',
    'COPY lib*.so /lib/',
    'COPY --from=b /app/*.js /app/',
    'COPY --from=b /usr/lib/libpq.so.5 /usr/lib/',
  ],
});
