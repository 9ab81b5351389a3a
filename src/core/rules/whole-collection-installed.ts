import { verbOf } from './cacheLeft.ts';
import type { Hit, Rule } from './rule.ts';
import { aptCall } from './scene/apt.ts';
import { type Program, splitArguments } from './scene/program.ts';

/** Packages of which a program needs a part, and what to install in their place. */
const collections: readonly (readonly [package_: RegExp, instead: string])[] = [
  [/^locales-all$/, 'Install locales and make the one that is needed with localedef, or use C.UTF-8, which is there.'],
  [/^glibc-all-langpacks$/, 'Install the glibc-langpack of the language that is needed.'],
  [/^texlive-(?:full|scheme-full)$/, 'Install the collections that the documents use.'],
  [/^tesseract-ocr-all$/, 'Install tesseract-ocr with the languages that are read.'],
  [/^(?:hunspell|aspell)-all$/, 'Install the dictionaries that are needed.'],
  [/^fonts-noto$/, 'Install fonts-noto-core, or the scripts that are shown.'],
  [/^(?:kali-linux-everything|ubuntu-desktop|task-.*desktop)$/, 'Install the programs that are run.'],
  [/^linux-firmware$/, 'A container loads no firmware: its host does.'],
];

export const wholeCollectionInstalled: Rule = {
  id: 'whole-collection-installed',
  title: 'Whole collections of languages, fonts or documents’ styles',
  why: 'Packages such as `locales-all` (200 MB), `texlive-full` (several GB) or `tesseract-ocr-all` bring every language and style there is, of which a program needs one or a few. Each has smaller packages for these; which ones, you know.',

  detect: (scene) =>
    scene.runs.flatMap((run) =>
      run.programs.flatMap((program): Hit[] =>
        installed(program).flatMap((name) => {
          const instead = collections.find(([package_]) => package_.test(name))?.[1];
          if (instead === undefined) return [];
          const { instruction } = run;
          const saves = program.name.startsWith('apt')
            ? scene.evidence.packages({ instruction, manager: 'apt', packages: [name], what: 'installed' })
            : undefined;
          return [
            { instruction, span: program.command.span, message: `${name} brings all there is. ${instead}`, saves },
          ];
        }),
      ),
    ),
};

const adding = new Set(['add', 'install', 'in']);

function installed(program: Program): readonly string[] {
  const call = aptCall(program);
  const words = call
    ? call.verb === 'install'
      ? call.operands
      : []
    : /^(?:apk|dnf|dnf5|yum|microdnf|zypper)$/.test(program.name) && verbOf(program, adding)
      ? splitArguments(program.args).operands.slice(1)
      : [];
  return words.flatMap(({ value }) => (value === undefined ? [] : [value.replace(/[=~<>:@/].*$/, '')]));
}
