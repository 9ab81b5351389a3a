import { aptUpdateApart } from '../../../src/core/rules/apt-update-apart.ts';
import { checkRule } from '../../helpers/rules.ts';

checkRule(aptUpdateApart, {
  base: 'FROM debian:12',
  finds: [
    ['RUN apt-get update\nRUN apt-get install -y jq', 'apt-get update'],
    ['RUN a; apt update\nRUN b\nRUN apt install -y jq', 'apt update'],
    ['RUN apt-get update\nENV A=1\nRUN apt-get install -y jq', 'apt-get update'],
  ],
  leaves: [
    'RUN apt-get update\nRUN apt-get update && apt-get install jq',
    'RUN apt-get update && apt-get install a\nRUN apt-get install b',
    'RUN --mount=type=cache,target=/var/lib/apt apt-get update\nRUN --mount=type=cache,target=/var/lib/apt apt-get install -y jq',
    'RUN apt-get update',
  ],
});
