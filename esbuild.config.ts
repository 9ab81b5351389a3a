import { build, type BuildOptions, type Plugin } from 'esbuild';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pageOptions } from './esbuild.page.config.ts';

const root = import.meta.dirname;
const outdir = path.resolve(
  root,
  process.argv.find((argument) => argument.startsWith('--outdir='))?.slice(9) ?? 'dist',
);
/** The command line is one file behind its start: what it imports with `import()` is in it and only run later. */
const inOneFile = path.join(root, 'src', 'cli') + path.sep;
/** It starts the rest of the command line with a cache of compiled code that it sets up. */
const start = path.join(root, 'src', 'cli', 'main.ts');
const production = process.argv.includes('--production');

/**
 * A module that is imported with `import()` becomes a bundle of its own, loaded when it is first needed: what starts
 * the editor stays small. (esbuild splits only ES modules; an extension and the command line are CommonJS.) A class that
 * is in two bundles is two, so nothing that passes between them is told by its class alone.
 */
function lazyBundles(found: Map<string, string>): Plugin {
  return {
    name: 'lazy-bundles',
    setup(bundler) {
      bundler.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, (args) => {
        const staysInside = args.importer !== start && args.importer.startsWith(inOneFile);
        if (args.kind !== 'dynamic-import' || staysInside) return undefined;
        const file = path.resolve(args.resolveDir, args.path);
        const name = path.relative(path.join(root, 'src'), file).replace(/\.ts$/, '').replaceAll(path.sep, '-');
        found.set(name, file);
        return { path: `./${name}.cjs`, external: true };
      });
    },
  };
}

function options(entry: string, outfile: string, lazy: Map<string, string>): BuildOptions {
  return {
    entryPoints: [entry],
    outfile: path.join(outdir, outfile),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode', 'cpu-features', '*.node'],
    plugins: [lazyBundles(lazy)],
    // `require` takes a bundle as it is; `import` would search it for what it exports first.
    supported: { 'dynamic-import': false },
    // What is bundled is CommonJS, which knows its folder by another name.
    define: { 'import.meta.dirname': '__dirname' },
    minify: production,
    sourcemap: production ? false : 'linked',
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  };
}

await rm(outdir, { recursive: true, force: true });
await mkdir(outdir, { recursive: true });
// The package is a module; what is bundled is CommonJS.
await writeFile(path.join(outdir, 'package.json'), '{ "type": "commonjs" }\n');

const lazy = new Map<string, string>();
const built = new Map<string, number>();
const queue: [entry: string, outfile: string][] = [
  ['src/extension.ts', 'extension.cjs'],
  ['src/cli/main.ts', 'cli.js'],
  // A thread is started by the name of its file, which no bundler sees.
  ['src/sources/image/worker.ts', 'sources-image-worker.cjs'],
  ['src/sources/explorer/worker.ts', 'sources-explorer-worker.cjs'],
  ['src/sources/context/worker.ts', 'sources-context-worker.cjs'],
];
for (const [entry, outfile] of queue) {
  const result = await build({
    ...options(entry, outfile, lazy),
    ...(outfile === 'cli.js' ? { banner: { js: '#!/usr/bin/env node' } } : {}),
  });
  const [bytes] = Object.entries(result.metafile!.outputs)
    .filter(([file]) => !file.endsWith('.map'))
    .map(([, output]) => output.bytes);
  built.set(outfile, bytes!);
  for (const [name, file] of lazy) {
    if (!queue.some(([, out]) => out === `${name}.cjs`)) queue.push([file, `${name}.cjs`]);
  }
}
for (const [entry, outfile] of [
  ['src/webview/main.ts', 'webview-explorer.js'],
  ['media/explorer/explorer.css', 'webview-explorer.css'],
] as const) {
  const page = await build({
    ...pageOptions(production),
    entryPoints: [entry],
    outfile: path.join(outdir, outfile),
    metafile: true,
    logLevel: 'warning',
  });
  built.set(outfile, Object.values(page.metafile.outputs)[0]!.bytes);
}
for (const [file, bytes] of built) console.log(`${file.padEnd(40)} ${(bytes / 1000).toFixed(1).padStart(9)} kB`);
