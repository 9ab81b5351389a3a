import { insertWord } from './edit/words.ts';
import type { Hit, Rule } from './rule.ts';
import { hasArgument, type Program } from './scene/program.ts';
import type { Run } from './scene/run.ts';
import { verbOf } from './cacheLeft.ts';
import type { ShellWord } from '../dockerfile/shellScript.ts';

const adding = new Set(['add', 'upgrade', 'fix']);
const updating = new Set(['update']);
const taking = /^(?:-p|--root|-X|--repository|--keys-dir|--repositories-file|--arch|--cache-dir|--wait|-t|--virtual)$/;

interface ApkHit extends Hit {
  readonly run: Run;
  readonly program: Program;
  readonly verb: ShellWord;
}

export const apkCacheLeft: Rule<ApkHit> = {
  id: 'apk-cache-left',
  title: 'Package index of apk',
  why: '`apk update`, and `apk add` without `--no-cache`, leave the index of all packages in `/var/cache/apk`. `apk add --no-cache` fetches it without keeping it, so `apk update` is not needed before it.',
  hadolint: ['DL3019'],

  detect: (scene) =>
    scene.runs.flatMap((run) => {
      if (run.isMounted('/var/cache/apk') || run.isMounted('/etc/apk/cache')) return [];
      const calls = run.programs.flatMap((program) => {
        const verb =
          program.name === 'apk' ? (verbOf(program, adding, taking) ?? verbOf(program, updating, taking)) : undefined;
        return verb && !hasArgument(program, /^--no-cache$/) && !cleansAfter(run, program) ? [{ program, verb }] : [];
      });
      // Where an index is fetched, the calls that use it are no matter of their own.
      const update = calls.find(({ verb }) => verb.value === 'update');
      const saves = calls.length > 0 ? scene.evidence.bytesAt(run.instruction, ['/var/cache/apk']) : undefined;
      return (update ? [update] : calls).map(({ program, verb }, index) => ({
        ...{ instruction: run.instruction, run, program, verb, span: program.command.span },
        message: 'The package index of apk stays in this layer. apk add --no-cache keeps it out.',
        saves: index === 0 ? saves : undefined,
      }));
    }),

  fix({ run, program, verb, instruction }, scene) {
    if (verb.value !== 'update') {
      // Without an index of its own the call uses one from an earlier layer, which --no-cache would not mind.
      return { title: 'Add --no-cache', confidence: 'safe', edits: [insertWord(run.script, verb, '--no-cache')] };
    }
    const adds = run
      .after(program)
      .map((later) => ({ later, word: later.name === 'apk' ? verbOf(later, adding, taking) : undefined }))
      .filter(({ word, later }) => word !== undefined && !hasArgument(later, /^--no-cache$/));
    const next = program.command.next;
    const following = run.script.commands.find(({ span }) => next !== undefined && span.start >= next.span.end);
    const readsLater = scene.someRunAfter(instruction, readsIndex);
    const uses = run.programs.some(
      (later) => later.name === 'apk' && /^(?:search|info|fetch|policy|list)$/.test(later.args[0]?.value ?? ''),
    );
    if (adds.length === 0 || readsLater || uses || run.script.kind !== 'shell') return undefined;
    if (!following || (next!.operator !== '&&' && next!.operator !== ';') || program.command.redirections.length > 0)
      return undefined;
    return {
      title: 'Use apk add --no-cache instead of apk update',
      confidence: 'safe',
      edits: [
        { start: program.command.span.start, end: following.span.start, newText: '' },
        ...adds.map(({ word }) => insertWord(run.script, word!, '--no-cache')),
      ],
    };
  },
};

/** A `RUN` that takes an index from before. */
function readsIndex({ programs }: Run): boolean {
  return programs.some(
    (program) => program.name === 'apk' && !hasArgument(program, /^--no-cache$|^-U$|^--update(?:-cache)?$/),
  );
}

function cleansAfter(run: Run, program: Program): boolean {
  return (
    run.emptiesAfter(program, '/var/cache/apk') ||
    run
      .after(program)
      .some(
        ({ name, args }) =>
          name === 'apk' && args[0]?.value === 'cache' && /^(?:clean|purge)$/.test(args[1]?.value ?? ''),
      )
  );
}
