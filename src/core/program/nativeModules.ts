import { baseName, type FileSystem, inFolder } from './fileSystem.ts';

/** What the interpreters of languages load into themselves: where it lies, and how it is called. */
const kinds: readonly { readonly interpreter: RegExp; readonly place: RegExp; readonly name: RegExp }[] = [
  {
    interpreter: /^(?:python|pypy)[\d.]*$/,
    place: /\/(?:site-packages|dist-packages|lib-dynload)\//,
    name: /\.so$/,
  },
  { interpreter: /^(?:node|nodejs|bun)$/, place: /\/node_modules\//, name: /\.node$/ },
  { interpreter: /^ruby[\d.]*$/, place: /\/(?:gems|extensions|vendor_ruby)\//, name: /\.so$/ },
];

/** Paths that are looked at, and modules that are read: more than any image of one program has. */
const most = { paths: 500_000, modules: 400 };

export interface NativeModule {
  readonly path: string;
  /** The package that it belongs to: one of several builds in it is for this system. */
  readonly packageFolder: string;
}

/** The compiled modules that are there for an interpreter, by its path; none for other programs. */
export function nativeModules(files: FileSystem, interpreter: string): readonly NativeModule[] {
  const kind = kinds.find(({ interpreter: name }) => name.test(baseName(interpreter)));
  if (kind === undefined) return [];
  const found: NativeModule[] = [];
  const waiting = ['/'];
  let looked = 0;
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const name of files.names(folder)) {
      if (++looked > most.paths || found.length >= most.modules) return found;
      const path = inFolder(folder === '/' ? '' : folder, name);
      const entry = files.entry(path)?.kind;
      if (entry === 'directory') waiting.push(path);
      else if (entry === 'file' && kind.name.test(name) && kind.place.test(path)) {
        found.push({ path, packageFolder: packageOf(path, kind.place) });
      }
    }
  }
  return found;
}

/** Up to the name behind the last folder of packages; a scope of npm is a part of it. */
function packageOf(path: string, place: RegExp): string {
  const matches = [...path.matchAll(new RegExp(place, 'g'))];
  const last = matches.at(-1)!;
  const start = last.index + last[0].length;
  const [name] = /^(?:@[^/]+\/)?[^/]+/.exec(path.slice(start))!;
  return path.slice(0, start) + name;
}
