import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { layers } from '../../eslint.config.ts';

const root = path.join(import.meta.dirname, '..', '..');

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

interface Import {
  readonly file: string;
  readonly specifier: string;
}

function importsOf(file: string): Import[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(path.join(root, file), 'utf8'));
  return importedFiles.map(({ fileName }) => ({ file, specifier: fileName }));
}

/** The sources of the house. Type declarations for the compiler are no rooms. */
const sources = filesBelow('src', '.ts').filter((file) => !file.endsWith('.d.ts'));
const imports = sources.flatMap(importsOf);
const folderOf = (file: string): string => file.split(path.sep)[1]!;

describe('layers', () => {
  it('every folder of src/ is in the layer table', () => {
    const folders = new Set(sources.map(folderOf).filter((folder) => folder !== 'extension.ts'));
    expect([...folders].filter((folder) => !(folder in layers))).toEqual([]);
  });

  it('a folder imports only the folders that the table allows it', () => {
    const broken = imports.filter(({ file, specifier }) => {
      if (!specifier.startsWith('.') || folderOf(file) === 'extension.ts') return false;
      const target = path.relative(root, path.resolve(root, path.dirname(file), specifier));
      if (target === 'package.json') return folderOf(file) !== 'cli';
      return !layers[folderOf(file)]!.may.includes(folderOf(target));
    });
    expect(broken).toEqual([]);
  });

  it('a folder names only the packages that the table allows it', () => {
    const allowed = (folder: string, specifier: string): boolean =>
      layers[folder]!.packages.some((name) =>
        name.endsWith('*')
          ? specifier.startsWith(name.slice(0, -1))
          : specifier === name || specifier.startsWith(`${name}/`),
      );
    const broken = imports.filter(
      ({ file, specifier }) =>
        !specifier.startsWith('.') && folderOf(file) !== 'extension.ts' && !allowed(folderOf(file), specifier),
    );
    expect(broken).toEqual([]);
  });

  it('extension.ts imports vscode, the editor and the sources, and nothing imports it', () => {
    const own = imports.filter(({ file }) => folderOf(file) === 'extension.ts').map(({ specifier }) => specifier);
    expect(own.filter((specifier) => !/^(vscode|node:|\.\/(editor|sources|core)\/)/.test(specifier))).toEqual([]);
    expect(imports.filter(({ specifier }) => specifier.endsWith('/extension.ts'))).toEqual([]);
  });

  it('the table itself catches a breach', () => {
    // Else a typing error in the table would let everything through unseen.
    expect(layers.core!.packages).not.toContain('vscode');
    expect(layers.core!.packages.some((name) => name.startsWith('node:'))).toBe(false);
    expect(imports.length).toBeGreaterThan(sources.length);
  });

  it('no file is a drawer for everything', () => {
    expect(sources.filter((file) => /(^|[\\/])(utils?|helpers?|misc|common|index)\.ts$/.test(file))).toEqual([]);
  });
});

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { command: string; category?: string; icon?: string }[];
    readonly configuration:
      { properties: Record<string, Setting> } | readonly { properties: Record<string, Setting> }[];
  };
  readonly capabilities: { untrustedWorkspaces: { restrictedConfigurations: readonly string[] } };
}
interface Setting {
  readonly scope?: string;
  readonly order?: number;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly markdownEnumDescriptions?: readonly string[];
}

const manifestText = readFileSync(path.join(root, 'package.json'), 'utf8');
const manifest = JSON.parse(manifestText) as Manifest;
const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
const editor = sources.filter((file) => folderOf(file) === 'editor' || folderOf(file) === 'extension.ts');
const editorText = editor.map((file) => readFileSync(path.join(root, file), 'utf8')).join('\n');
const settings = Object.entries(
  Object.assign({}, ...[manifest.contributes.configuration].flat().map((part) => part.properties)) as Record<
    string,
    Setting
  >,
);

describe('manifest', () => {
  it.each(manifest.contributes.commands.map(({ command }) => command))(
    'command %s is registered in the editor',
    (name) => {
      expect(editorText).toContain(`'${name}'`);
    },
  );

  it('every command has a category and an icon', () => {
    expect(manifest.contributes.commands.filter(({ category, icon }) => !category || !icon)).toEqual([]);
  });

  it.each(settings.map(([name]) => name))('setting %s is read in settings.ts and described in the README', (name) => {
    const reader = readFileSync(path.join(root, 'src/editor/settings.ts'), 'utf8');
    // Features are read by their name, and each has the one setting that turns it off.
    expect(reader).toContain(`'${name.replace(/^plimsoll\.|\.enabled$/g, '')}'`);
    expect(readme).toContain(`\`${name}\``);
  });

  it('every setting has a scope and an order, every choice a description', () => {
    const bad = settings.filter(
      ([, setting]) =>
        setting.scope === undefined ||
        setting.order === undefined ||
        (setting.enum !== undefined &&
          setting.enum.length !== (setting.enumDescriptions ?? setting.markdownEnumDescriptions)?.length),
    );
    expect(bad.map(([name]) => name)).toEqual([]);
  });

  it('restricted settings exist', () => {
    const names = settings.map(([name]) => name);
    expect(
      manifest.capabilities.untrustedWorkspaces.restrictedConfigurations.filter((name) => !names.includes(name)),
    ).toEqual([]);
  });

  it('every %key% of the manifest stands in package.nls.json, and no other', () => {
    const strings = JSON.parse(readFileSync(path.join(root, 'package.nls.json'), 'utf8')) as Record<string, string>;
    const used = new Set([...manifestText.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1]!));
    expect([...used].filter((key) => !(key in strings))).toEqual([]);
    expect(Object.keys(strings).filter((key) => !used.has(key))).toEqual([]);
  });
});
