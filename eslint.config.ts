import type { Linter } from 'eslint';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The layer table of the house: which folders of `src/` a folder may import, and which packages it may name. */
export const layers: Record<string, { may: readonly string[]; packages: readonly string[] }> = {
  core: { may: ['core'], packages: ['dockerfile-ast', 'unbash', '@balena/dockerignore', 'd3-hierarchy', 'yaml'] },
  protocol: { may: ['core', 'protocol'], packages: [] },
  sources: { may: ['core', 'protocol', 'sources'], packages: ['node:*', 'dockerode', 'minizlib', 'valibot'] },
  webview: { may: ['core', 'protocol', 'webview'], packages: ['@vscode/webview-ui-toolkit'] },
  cli: { may: ['core', 'sources', 'cli'], packages: ['node:*', 'commander', 'diff', 'sarif'] },
  editor: { may: ['core', 'protocol', 'sources', 'editor'], packages: ['vscode'] },
};

const everyFolder = Object.keys(layers);
const everyPackage = [...new Set([...Object.values(layers).flatMap((layer) => layer.packages)])];

const layerRules: Linter.Config[] = Object.entries(layers).map(([folder, layer]) => ({
  files: [`src/${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          ...everyFolder
            .filter((other) => !layer.may.includes(other))
            .map((other) => ({
              regex: `^(\\.\\./)+${other}/`,
              message: `src/${folder} may not import src/${other} (the layer table in eslint.config.ts).`,
            })),
          ...everyPackage
            .filter((name) => !layer.packages.includes(name))
            .map((name) => ({
              regex: `^${name.replace('*', '.*')}(/|$)`,
              message: `src/${folder} may not import ${name} (the layer table in eslint.config.ts).`,
            })),
          { regex: 'extension\\.ts$', message: 'extension.ts is the top of the house: nothing imports it.' },
        ],
      },
    ],
  },
}));

export default defineConfig(
  { ignores: ['dist/**', 'node_modules/**', 'test/e2e/node_modules/**', 'test/fixtures/**', '.cache/**'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/strict-boolean-expressions': 'off',
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: 'error',
      'prefer-const': 'error',
    },
  },
  ...layerRules,
);
