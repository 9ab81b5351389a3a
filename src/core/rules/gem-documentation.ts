import type { ShellWord } from '../dockerfile/shellScript.ts';
import { verbOf } from './cacheLeft.ts';
import { insertWord } from './edit/words.ts';
import type { Hit, Rule } from './rule.ts';
import { hasArgument } from './scene/program.ts';
import type { Run } from './scene/run.ts';
import type { Scene } from './scene/scene.ts';

interface GemHit extends Hit {
  readonly run: Run;
  readonly verb: ShellWord;
}

const verbs = new Set(['install', 'i', 'update']);

export const gemDocumentation: Rule<GemHit> = {
  id: 'gem-documentation',
  title: 'Documentation of gems',
  why: '`gem install` makes documentation (`ri`, `rdoc`) of every gem that it installs, which takes time and nobody reads in a container. `--no-document` leaves it out. The official images of Ruby say so in `/usr/local/etc/gemrc`, and a `gemrc` that the file writes does as well: then nothing is reported.',

  detect: (scene) =>
    scene.facts?.language?.name === 'Ruby' || scene.facts?.language?.name === 'JRuby'
      ? []
      : scene.runs.flatMap((run) =>
          run.programs.flatMap((program): GemHit[] => {
            const verb = program.name === 'gem' ? verbOf(program, verbs) : undefined;
            if (!verb || hasArgument(program, /^(?:-N|--no-(?:document|doc|ri|rdoc))$|^--(?:document|system)(?:=|$)/))
              return [];
            if (run.instruction.index >= scene.once(settledFrom)) return [];
            const message = 'This makes documentation of every gem. --no-document leaves it out.';
            return [{ instruction: run.instruction, run, verb, span: program.command.span, message }];
          }),
        ),

  fix: ({ run, verb }) => ({
    title: 'Add --no-document',
    confidence: 'safe',
    edits: [insertWord(run.script, verb, '--no-document')],
  }),
};

/** The first instruction from which on a `gemrc` says it, in this stage or below; infinite where none does. */
function settledFrom({ dockerfile: { text }, below, stage }: Scene): number {
  const found = stage.instructions.find(({ span }) => text.slice(span.start, span.end).includes('gemrc'));
  return Math.min(below?.once(settledFrom) ?? Infinity, found?.index ?? Infinity);
}
