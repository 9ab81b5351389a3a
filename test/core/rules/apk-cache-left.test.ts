import { apkCacheLeft } from '../../../src/core/rules/apk-cache-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(apkCacheLeft, {
  base: 'FROM alpine:3.23',
  finds: [
    ['RUN apk add jq', 'apk add jq'],
    ['RUN apk --update add jq', 'apk --update add jq'],
    ['RUN apk update && apk add jq', 'apk update'],
    ['RUN apk add -U a; apk add --no-cache b; apk add c', 'apk add -U a', 'apk add c'],
    ['RUN ["apk", "add", "jq"]', '"apk", "add", "jq"'],
  ],
  leaves: [
    'RUN apk add --no-cache jq',
    'RUN apk --no-cache add jq',
    'RUN apk add jq && rm -rf /var/cache/apk/*',
    'RUN apk update && apk add jq && rm -f /var/cache/apk/*',
    'RUN --mount=type=cache,target=/var/cache/apk apk add jq',
    'RUN --mount=type=cache,target=/etc/apk/cache apk add jq',
    'RUN apk del jq',
    'RUN apk info',
    'RUN apk add jq && apk cache clean',
  ],
});
