import type { ShellWord } from '../dockerfile/shellScript.ts';
import { verbOf } from './cacheLeft.ts';
import type { Hit, Rule } from './rule.ts';
import { insertWord } from './edit/words.ts';
import type { Program } from './scene/program.ts';
import type { Run } from './scene/run.ts';

interface SymbolsHit extends Hit {
  readonly run: Run;
  readonly verb: ShellWord;
}

const verbs = new Set(['build', 'install']);

export const symbolsKept: Rule<SymbolsHit> = {
  id: 'symbols-kept',
  title: 'A Go program with its symbol tables',
  why: 'A quarter to a third of a Go program are symbol and debugging tables. `-ldflags="-s -w"` leaves them out; stack traces keep their names and lines. A debugger needs the tables, so the fix asks. Nothing is reported where linker flags are given, or the program is stripped later.',
  concerns: 'files',

  detect(scene) {
    if (!scene.stage.reachesFinal) return [];
    if (scene.someRunAfter(scene.stage.from, strips)) return [];
    return scene.runs.flatMap((run) =>
      run.programs.flatMap((program): SymbolsHit[] => {
        const verb = program.name === 'go' ? verbOf(program, verbs, /^-C$/) : undefined;
        if (
          !verb ||
          hasLinkerFlags(program) ||
          (run.variable(program, 'GOFLAGS') ?? '').includes('ldflags') ||
          !makesProgram(program)
        )
          return [];
        const message =
          'The program keeps its symbol tables, a quarter to a third of it. -ldflags="-s -w" leaves them out.';
        return [{ instruction: run.instruction, run, verb, span: program.command.span, message }];
      }),
    );
  },

  fix: ({ run, verb }) => {
    const flag = run.script.kind === 'exec' ? '-ldflags=-s -w' : '-ldflags="-s -w"';
    return { title: 'Leave the symbol tables out', confidence: 'ask', edits: [insertWord(run.script, verb, flag)] };
  },
};

function strips({ programs }: Run): boolean {
  return programs.some(({ name }) => name === 'strip' || name === 'upx');
}

/** Flags that somebody chose; what is in a variable may be one. */
function hasLinkerFlags({ args }: Program): boolean {
  return args.some(({ value, text }) => /^--?ldflags/.test(value ?? text) || value === undefined);
}

/** `go build ./...` only tries whether all of it compiles; `-race` and `-gcflags` are for debugging. */
function makesProgram({ args }: Program): boolean {
  return !args.some(({ value }) => /^(?:-race|-gcflags.*|-buildmode=.*|-n|-i|\.\/\.\.\.)$/.test(value ?? ''));
}
