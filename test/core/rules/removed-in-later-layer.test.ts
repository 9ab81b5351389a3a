import { removedInLaterLayer } from '../../../src/core/rules/removed-in-later-layer.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(removedInLaterLayer, {
  base: 'FROM debian:12',
  finds: [
    ['COPY big.bin /tmp/big.bin\nRUN use /tmp/big.bin && rm /tmp/big.bin', 'rm /tmp/big.bin'],
    ['WORKDIR /src\nCOPY big.bin .\nRUN rm -f big.bin', 'rm -f big.bin'],
    ['COPY . /src\nRUN make && rm -rf /src', 'rm -rf /src'],
    ['RUN curl -o /a.tgz https://x/y\nRUN rm /a.tgz', 'rm /a.tgz'],
    ['RUN apt-get update && apt-get install jq\nRUN rm -rf /var/lib/apt/lists/*', 'rm -rf /var/lib/apt/lists/*'],
    ['RUN apt-get install -y gcc\nRUN apt-get purge -y gcc', 'apt-get purge -y gcc'],
    ['RUN apk add --virtual .build gcc\nRUN make\nRUN apk del .build', 'apk del .build'],
    ['ADD https://x/a.tgz /a.tgz\nRUN rm /a.tgz', 'rm /a.tgz'],
    ['RUN git clone https://x/y /y\nRUN rm -rf /y', 'rm -rf /y'],
  ],
  leaves: [
    'RUN curl -o /a https://x && rm /a',
    'COPY a /a\nRUN rm /b',
    'COPY a /src/\nRUN rm -rf /src/b',
    'RUN rm -rf /tmp/*',
    'RUN apt-get update && rm -rf /var/lib/apt/lists/*\nRUN rm -rf /var/lib/apt/lists/*',
    'RUN apt-get update\nRUN apt-get update && apt-get install jq && rm -rf /var/lib/apt/lists/*',
    'RUN curl -o /a https://x && rm /a\nRUN rm -f /a',
    'COPY --from=0 /a /a\nRUN rm -rf "$DIR"',
    'RUN apt-get install -y gcc && apt-get purge -y gcc',
    'RUN --mount=type=cache,target=/c curl -o /c/a https://x\nRUN rm -rf /c/a',
  ],
});
