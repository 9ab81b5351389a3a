import type { BuildOptions, Plugin } from 'esbuild';
import { readFile } from 'node:fs/promises';

/**
 * How the explorer's page is built: a script without modules, because its policy allows one script and no other, and from
 * `media/explorer/explorer.css` one style sheet, because each file that a file imports is one more wait before the page is seen.
 */
export function pageOptions(minify: boolean): BuildOptions {
  return {
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'chrome128',
    minify,
    sourcemap: minify ? false : 'inline',
    legalComments: 'none',
    plugins: [lighterToolkit],
  };
}

/**
 * Takes from the toolkit what no minifier may: the indentation of its styles and markup, which are template literals, and an
 * enumeration of key codes, which is made by a call and used by nobody (else the build would fail). 6 kB of the page.
 */
const lighterToolkit: Plugin = {
  name: 'lighter-toolkit',
  setup(bundler) {
    bundler.onLoad({ filter: /(?:fast-foundation|webview-ui-toolkit)[\\/].*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return { contents: text.replace(/\n\s+/g, '\n'), loader: 'js' };
    });
    bundler.onLoad({ filter: /fast-web-utilities[\\/].*key-codes\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return { contents: text.replace(/^export var KeyCodes;.*\(KeyCodes = \{\}\)\);$/ms, ''), loader: 'js' };
    });
  },
};
