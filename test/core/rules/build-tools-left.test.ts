import { buildToolsLeft } from '../../../src/core/rules/build-tools-left.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(buildToolsLeft, {
  base: 'FROM debian:12',
  finds: [
    ['RUN apt-get install -y build-essential', 'apt-get install -y build-essential'],
    ['RUN apt-get install -y curl libpq-dev', 'apt-get install -y curl libpq-dev'],
    ['RUN apk add --no-cache gcc musl-dev', 'apk add --no-cache gcc musl-dev'],
    ['RUN dnf install -y openssl-devel', 'dnf install -y openssl-devel'],
    ['RUN apt-get install -y gcc\nRUN apt-get purge -y gcc', 'apt-get install -y gcc'],
  ],
  leaves: [
    'RUN apt-get install -y build-essential && make && apt-get purge -y build-essential',
    'RUN apk add --virtual .b gcc && make && apk del .b',
    'RUN apt-get install -y curl',
    'RUN apt-get install -y gcc\nFROM debian:12',
    'RUN apt-get install -y gcc\nCMD ["make", "run"]',
    'RUN dpkg -i gcc',
  ],
});
