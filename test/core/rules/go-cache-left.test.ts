import { goCacheLeft } from '../../../src/core/rules/go-cache-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(goCacheLeft, {
  base: 'FROM golang:1.26',
  finds: [
    ['RUN go build', 'go build'],
    ['RUN go mod download', 'go mod download'],
    ['RUN go mod download && go build -o /a', 'go build -o /a'],
  ],
  leaves: [
    'RUN go build && go clean -modcache -cache',
    'RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go build',
    'RUN go version',
    'RUN go mod verify',
    'RUN go build\nCMD go run .',
    'RUN go build\nFROM scratch\nCOPY --from=0 /a /a',
    'RUN go build && rm -rf /go/pkg/mod',
  ],
});
