import type { Rule } from './rule.ts';
import { copiesOf } from './scene/files.ts';

export const librariesByWildcard: Rule = {
  id: 'libraries-by-wildcard',
  title: 'Libraries copied by a wildcard',
  why: 'A library is a file with two or three names: `libpq.so`, `libpq.so.5`, `libpq.so.5.15` are links to one file. `COPY` with a wildcard follows each link, so the image gets the file as often as it has names. Gather the libraries in a folder of the build stage with `cp -a`, which keeps links, and copy that folder; or install the packages that they belong to.',

  detect: (scene) =>
    copiesOf(scene).flatMap(({ instruction, from, sources }) => {
      const wildcard =
        from === undefined
          ? undefined
          : sources.find((source) => /\.so[\w.]*\*|\*[\w.]*\.so|\blib[\w-]*\*/.test(source));
      if (wildcard === undefined) return [];
      const message = `${wildcard} also matches the links to a library, and COPY makes a whole file of each.`;
      return [{ instruction, span: instruction.span, message }];
    }),
};
