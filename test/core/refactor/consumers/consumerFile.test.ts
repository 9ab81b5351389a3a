import { expect, it } from 'vitest';
import { consumerFileKind } from '../../../../src/core/refactor/consumers/consumerFile.ts';

it.each<[string, ReturnType<typeof consumerFileKind>]>([
  ['compose.yaml', 'compose'],
  ['a/docker-compose.yml', 'compose'],
  ['docker-compose.prod.yml', 'compose'],
  ['docker-compose-dev.yaml', 'compose'],
  ['compose.override.yaml', 'compose'],
  ['decompose.yaml', undefined],
  ['.devcontainer/devcontainer.json', 'devcontainer'],
  ['.devcontainer.json', 'devcontainer'],
  ['/p/.github/workflows/ci.yml', 'commands'],
  ['.github/dependabot.yml', undefined],
  ['.circleci/config.yml', 'commands'],
  ['.gitlab-ci.yml', 'commands'],
  ['Jenkinsfile', 'commands'],
  ['sub/Makefile', 'commands'],
  ['docker-build.sh', 'commands'],
  ['build.sh', 'commands'],
  ['entrypoint.sh', undefined],
  ['Dockerfile', undefined],
])('%s: %s', (path, kind) => expect(consumerFileKind(path)).toBe(kind));
