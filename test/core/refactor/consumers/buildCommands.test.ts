import { describe, expect, it } from 'vitest';
import { type BuildTarget, readBuildCommands } from '../../../../src/core/refactor/consumers/buildCommands.ts';

describe('stages that commands build', () => {
  it.each<[string, BuildTarget[]]>([
    ['docker build .', []],
    ['docker build --target dev .', [{ target: 'dev', line: 1 }]],
    [
      '\tdocker buildx build --target=dev -f api/Dockerfile .',
      [{ target: 'dev', line: 1, dockerfile: 'api/Dockerfile' }],
    ],
    ['build:\n\tdocker build \\\n\t  --target dev \\\n\t  .', [{ target: 'dev', line: 2 }]],
    ['- podman build --file=x --target "dev" .', [{ target: 'dev', line: 1, dockerfile: 'x' }]],
    ['args: ["docker", "build", "--target", "dev", "."]', [{ target: 'dev', line: 1 }]],
    ['/kaniko/executor --dockerfile D --target dev', [{ target: 'dev', line: 1, dockerfile: 'D' }]],
    ['cargo build --target x86_64-unknown-linux-musl', []],
    [
      'steps:\n  - uses: docker/build-push-action@v6\n    with:\n      file: api/Dockerfile\n      target: prod # now\n  - run: x\n    target: no',
      [{ target: 'prod', line: 5, dockerfile: 'api/Dockerfile' }],
    ],
    ['- uses: docker/build-push-action@v6\n  with: { push: true }', []],
  ])('%s', (text, expected) => expect(readBuildCommands(text).targets).toEqual(expected));
});

describe('a builder without BuildKit', () => {
  it.each<[string, boolean]>([
    ['docker build .', false],
    ['DOCKER_BUILDKIT=0 docker build .', true],
    ['env:\n  DOCKER_BUILDKIT: "0"', true],
    ['export DOCKER_BUILDKIT := 0', true],
    ['DOCKER_BUILDKIT=1 docker build .', false],
    ['image: gcr.io/kaniko-project/executor:debug', true],
  ])('%s', (text, expected) => expect(readBuildCommands(text).withoutBuildKit).toBe(expected));
});
