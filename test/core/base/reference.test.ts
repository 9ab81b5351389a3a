import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  familiarName,
  formatReference,
  parseReference,
  sameRepository,
  type Reference,
} from '../../../src/core/base/reference.ts';
import { reference } from '../../helpers/reference.ts';

const sha256 = `sha256:${'a1'.repeat(32)}`;

/** Text → full form, familiar form. */
const valid: readonly [text: string, full: string, familiar: string][] = [
  ['golang', 'docker.io/library/golang:latest', 'golang:latest'],
  ['golang:1.26', 'docker.io/library/golang:1.26', 'golang:1.26'],
  ['library/golang', 'docker.io/library/golang:latest', 'golang:latest'],
  ['docker.io/golang', 'docker.io/library/golang:latest', 'golang:latest'],
  ['docker.io/library/golang:1', 'docker.io/library/golang:1', 'golang:1'],
  ['index.docker.io/golang', 'docker.io/library/golang:latest', 'golang:latest'],
  ['index.docker.io/library/golang', 'docker.io/library/golang:latest', 'golang:latest'],
  ['registry-1.docker.io/library/golang', 'docker.io/library/golang:latest', 'golang:latest'],
  ['registry.hub.docker.com/library/golang:1', 'docker.io/library/golang:1', 'golang:1'],
  ['acme/app', 'docker.io/acme/app:latest', 'acme/app:latest'],
  ['docker.io/library/distros/ubuntu', 'docker.io/library/distros/ubuntu:latest', 'library/distros/ubuntu:latest'],
  ['docker.io/localhost/app:1', 'docker.io/localhost/app:1', 'docker.io/localhost/app:1'],
  ['docker.io/a.b/app:1', 'docker.io/a.b/app:1', 'docker.io/a.b/app:1'],
  ['ghcr.io/acme/app:2', 'ghcr.io/acme/app:2', 'ghcr.io/acme/app:2'],
  ['localhost/app', 'localhost/app:latest', 'localhost/app:latest'],
  ['localhost:5000/app:v1', 'localhost:5000/app:v1', 'localhost:5000/app:v1'],
  ['registry:5000/app', 'registry:5000/app:latest', 'registry:5000/app:latest'],
  ['127.0.0.1:5000/a/b/c', '127.0.0.1:5000/a/b/c:latest', '127.0.0.1:5000/a/b/c:latest'],
  ['[::1]/app', '[::1]/app:latest', '[::1]/app:latest'],
  ['[::1]:5000/app:1', '[::1]:5000/app:1', '[::1]:5000/app:1'],
  ['[2001:db8::1]:5000/app', '[2001:db8::1]:5000/app:latest', '[2001:db8::1]:5000/app:latest'],
  ['Acme/app', 'Acme/app:latest', 'Acme/app:latest'],
  ['a:1/b', 'a:1/b:latest', 'a:1/b:latest'],
  ['EXAMPLE.com/app', 'EXAMPLE.com/app:latest', 'EXAMPLE.com/app:latest'],
  ['xn--n3h.com/app', 'xn--n3h.com/app:latest', 'xn--n3h.com/app:latest'],
  ['docker.io', 'docker.io/library/docker.io:latest', 'docker.io:latest'],
  ['a__b/c--d/e.f', 'docker.io/a__b/c--d/e.f:latest', 'a__b/c--d/e.f:latest'],
  ['a:_under.score-X', 'docker.io/library/a:_under.score-X', 'a:_under.score-X'],
  [`golang@${sha256}`, `docker.io/library/golang@${sha256}`, `golang@${sha256}`],
  [`golang:1.26@${sha256}`, `docker.io/library/golang:1.26@${sha256}`, `golang:1.26@${sha256}`],
  [`a@sha384:${'0'.repeat(96)}`, `docker.io/library/a@sha384:${'0'.repeat(96)}`, `a@sha384:${'0'.repeat(96)}`],
  [`a@sha512:${'0'.repeat(128)}`, `docker.io/library/a@sha512:${'0'.repeat(128)}`, `a@sha512:${'0'.repeat(128)}`],
  [`${'a'.repeat(63)}:1`, `docker.io/library/${'a'.repeat(63)}:1`, `${'a'.repeat(63)}:1`],
  [`${'a'.repeat(64)}:1`, `docker.io/library/${'a'.repeat(64)}:1`, `${'a'.repeat(64)}:1`],
  ['a:' + 't'.repeat(128), 'docker.io/library/a:' + 't'.repeat(128), 'a:' + 't'.repeat(128)],
  ['ghcr.io/' + 'p'.repeat(255), 'ghcr.io/' + 'p'.repeat(255) + ':latest', 'ghcr.io/' + 'p'.repeat(255) + ':latest'],
];

/** Text → what its sentence must speak of. */
const invalid: readonly [text: string, says: RegExp][] = [
  ['', /empty/],
  ['a'.repeat(64), /64 hexadecimal digits/],
  ['Golang', /“Golang” must be lower case/],
  ['acme/App', /“acme\/App” must be lower case/],
  ['ghcr.io/Acme/app:1', /“Acme\/app” must be lower case/],
  [' golang', /not a valid repository name/],
  ['golang ', /not a valid repository name/],
  ['golang\n', /not a valid repository name/],
  ['-a', /not a valid repository name/],
  ['a-', /not a valid repository name/],
  ['a___b', /not a valid repository name/],
  ['a..b', /not a valid repository name/],
  ['a//b', /not a valid repository name/],
  ['a/b/', /not a valid repository name/],
  ['ä', /not a valid repository name/],
  ['${BASE}:1', /must be lower case/],
  ['/a', /not a valid repository name/],
  ['ghcr.io/', /no repository name/],
  [':1', /no repository name/],
  [`@${sha256}`, /no repository name/],
  ['a:', /tag is empty/],
  ['a:.1', /not a valid tag/],
  ['a:-1', /not a valid tag/],
  ['a:1:2', /not a valid tag/],
  ['acme/a:1/b', /not a valid tag/],
  ['a:' + 't'.repeat(129), /not a valid tag/],
  ['ghcr.io/' + 'p'.repeat(256), /longer than 255/],
  ['p'.repeat(248), /longer than 255/],
  ['a@', /not a valid digest/],
  ['a@sha256:abc', /not a valid digest/],
  [`a@${'a'.repeat(64)}`, /not a valid digest/],
  [`a@sha256:${'a'.repeat(63)}`, /64 hexadecimal digits, not 63/],
  [`a@sha256:${'A'.repeat(64)}`, /lower-case/],
  [`a@md5:${'a'.repeat(32)}`, /“md5” is not supported/],
  [`a@constructor:${'a'.repeat(64)}`, /“constructor” is not supported/],
  [`a@${sha256}@${sha256}`, /not a valid digest/],
  ['ex_ample.com/a', /not a valid registry host/],
  ['-a.com/b', /not a valid registry host/],
  ['a.com:port/b', /not a valid registry host/],
  ['[::1/b', /not a valid registry host/],
  ['[::1%eth0]:5000/b', /not a valid registry host/],
  ['https://ghcr.io/a', /not a valid registry host/],
];

describe('parseReference', () => {
  it.each(valid)('%s', (text, full, familiar) => {
    expect(formatReference(reference(text))).toBe(full);
    expect(familiarName(reference(text))).toBe(familiar);
  });

  it.each(invalid)('refuses %j', (text, says) => {
    const result = parseReference(text);
    expect(result).toHaveProperty('problem', expect.stringMatching(says));
  });

  it('keeps tag and digest apart', () => {
    expect(reference(`acme/app:2@${sha256}`)).toEqual({
      domain: 'docker.io',
      path: 'acme/app',
      tag: '2',
      digest: sha256,
    });
    expect(reference(`acme/app@${sha256}`)).toEqual({ domain: 'docker.io', path: 'acme/app', digest: sha256 });
  });

  it('never throws, and what it accepts survives both printed forms', () => {
    const pieces = fc.constantFrom(
      'docker.io',
      'library',
      'localhost',
      'a',
      'B',
      '.',
      ':',
      '/',
      '@',
      '-',
      '_',
      '[::1]',
      '5000',
      sha256,
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 9 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(text, (input) => {
        const result = parseReference(input);
        if ('problem' in result) {
          expect(result.problem).toMatch(/\.$/);
          return;
        }
        expect(parseReference(formatReference(result.reference))).toEqual(result);
        expect(parseReference(familiarName(result.reference))).toEqual(result);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes what the grammar makes, and printing it back is the identity', () => {
    const component = fc.stringMatching(/^[a-z0-9]{1,6}(?:(?:[._]|__|-{1,3})[a-z0-9]{1,4}){0,2}$/);
    const domain = fc.oneof(
      fc.constantFrom('docker.io', 'ghcr.io', 'localhost', 'localhost:5000', '[::1]:5000', '10.0.0.1:80', 'Mixed.Case'),
      fc.stringMatching(/^[a-z0-9]{1,8}\.[a-z]{2,4}(?::[0-9]{1,5})?$/),
    );
    const tag = fc.stringMatching(/^\w[\w.-]{0,20}$/);
    const digest = fc.stringMatching(/^sha256:[a-f0-9]{64}$/);
    const references = fc
      .record({
        domain,
        path: fc.array(component, { minLength: 2, maxLength: 4 }).map((parts) => parts.join('/')),
        tag: fc.option(tag, { nil: undefined }),
        digest: fc.option(digest, { nil: undefined }),
      })
      .filter(({ tag, digest }) => tag !== undefined || digest !== undefined)
      .map(({ domain, path, tag, digest }): Reference => ({
        domain,
        path,
        ...(tag === undefined ? {} : { tag }),
        ...(digest === undefined ? {} : { digest }),
      }));
    fc.assert(
      fc.property(references, (made) => {
        expect(parseReference(formatReference(made))).toEqual({ reference: made });
        expect(parseReference(familiarName(made))).toEqual({ reference: made });
      }),
    );
  });
});

describe('sameRepository', () => {
  it.each([
    ['golang', 'docker.io/library/golang:1.26', true],
    ['golang', `golang@${sha256}`, true],
    ['golang', 'acme/golang', false],
    ['acme/app', 'ghcr.io/acme/app', false],
  ] as const)('%s and %s: %s', (a, b, same) => {
    expect(sameRepository(reference(a), reference(b))).toBe(same);
  });
});
