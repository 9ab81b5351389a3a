import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadBundle } from '../../src/cli/compiledBundle.ts';
import { temporaryFolder, type TemporaryFolder } from '../helpers/temporaryFolder.ts';

const source = `"use strict";
exports.where = [__filename, __dirname, require('node:path').sep];
exports.late = function () { return 'called ' + exports.where.length; };
exports.fail = function () { throw new Error('here'); };
`;

interface Bundle {
  readonly where: readonly string[];
  late(): string;
  fail(): never;
}

let temporary: TemporaryFolder;
beforeEach(async () => {
  temporary = await temporaryFolder();
});
afterEach(() => temporary[Symbol.asyncDispose]());

function bundleFile() {
  const folder = temporary.path;
  const file = path.join(folder, 'bundle.cjs');
  writeFileSync(file, source);
  const code = path.join(folder, 'code');
  const load = (purpose = 'image') => {
    const { exports, keep } = loadBundle(file, code, purpose);
    return { bundle: exports as Bundle, keep };
  };
  return { folder, file, code, load, kept: () => readdirSync(code).map((name) => path.join(code, name)) };
}

function stackOf(fail: () => never): string {
  try {
    return fail();
  } catch (error) {
    return (error as Error).stack ?? '';
  }
}

describe('a bundle', () => {
  it('runs as CommonJS does', () => {
    const { folder, file, load } = bundleFile();
    const { bundle } = load();
    expect(bundle.where).toEqual([file, folder, path.sep]);
    expect(bundle.late()).toBe('called 3');
    expect(stackOf(() => bundle.fail())).toContain(`${file}:4:`);
  });

  it('is loaded with the code that was kept', () => {
    const { load, kept } = bundleFile();
    const first = load();
    first.bundle.late();
    first.keep!();
    expect(kept()).toHaveLength(1);
    expect(statSync(kept()[0]!).mode & 0o777).toBe(0o600);
    const second = load();
    expect(second.keep).toBeUndefined();
    expect(second.bundle.late()).toBe('called 3');
  });

  it('keeps the functions that were called, too', () => {
    const { load, kept } = bundleFile();
    load('uncalled').keep!();
    const called = load('called');
    called.bundle.late();
    called.keep!();
    const size = (purpose: string) => statSync(kept().find((file) => file.endsWith(`-${purpose}`))!).size;
    expect(size('called')).toBeGreaterThan(size('uncalled'));
  });

  it('renews code after an hour', () => {
    const { load, kept } = bundleFile();
    load().keep!();
    const old = new Date(Date.now() - 61 * 60 * 1000);
    utimesSync(kept()[0]!, old, old);
    const { bundle, keep } = load();
    expect(bundle.late()).toBe('called 3');
    keep!();
    expect(load().keep).toBeUndefined();
  });

  it('is compiled anew where the code is damaged, cut off or for another bundle', () => {
    const { file, load, kept } = bundleFile();
    load().keep!();
    const whole = readFileSync(kept()[0]!);
    const damaged = Buffer.from(whole);
    damaged[whole.length >> 1]! ^= 0xff;
    for (const content of [damaged, whole.subarray(0, 3), whole.subarray(0, whole.length - 8), Buffer.alloc(0)]) {
      writeFileSync(kept()[0]!, content);
      const { bundle, keep } = load();
      expect(keep).toBeDefined();
      expect(bundle.late()).toBe('called 3');
    }
    writeFileSync(kept()[0]!, whole);
    writeFileSync(file, source.replace('called', 'CALLED'));
    const { bundle, keep } = load();
    expect(keep).toBeDefined();
    expect(bundle.late()).toBe('CALLED 3');
  });

  it('does without a folder, and without one that cannot be written', () => {
    const { file } = bundleFile();
    expect(loadBundle(file, undefined, 'image').keep).toBeUndefined();
    const { exports, keep } = loadBundle(file, path.join(file, 'below a file'), 'image');
    expect(() => keep!()).not.toThrow();
    expect((exports as Bundle).late()).toBe('called 3');
  });

  it('leaves no more files than the newest few behind', () => {
    const { load, kept } = bundleFile();
    for (let version = 0; version < 30; version++) load(`v${version}`).keep!();
    expect(kept()).toHaveLength(24);
  });
});
