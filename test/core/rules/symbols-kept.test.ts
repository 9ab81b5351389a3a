import { symbolsKept } from '../../../src/core/rules/symbols-kept.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(symbolsKept, {
  base: 'FROM golang:1.26',
  finds: [
    ['RUN go build -o /a .', 'go build -o /a .'],
    ['RUN CGO_ENABLED=0 go install ./cmd/a', 'CGO_ENABLED=0 go install ./cmd/a'],
    ['RUN go build -o /a\nFROM scratch\nCOPY --from=0 /a /a', 'go build -o /a'],
    ['RUN ["go", "build"]', '"go", "build"'],
  ],
  leaves: [
    "RUN go build -ldflags='-s -w' .",
    'RUN go build -ldflags "-X a=b" .',
    'RUN go build --ldflags=-s .',
    'RUN go build $FLAGS .',
    'ENV GOFLAGS=-ldflags=-s\nRUN go build',
    'RUN go build -o /a && strip /a',
    'RUN go build ./...',
    'RUN go build -race',
    'RUN go mod download',
    'RUN go build\nFROM scratch',
  ],
});
