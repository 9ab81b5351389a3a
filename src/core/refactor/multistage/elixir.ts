import type { Program } from '../../rules/scene/program.ts';
import { block } from './blocked.ts';
import type { Ecosystem, Plan } from './ecosystem.ts';
import { readNodeCommand } from './node.ts';
import { releaseImage } from './release.ts';
import type { Reading } from './step.ts';

/** Releases of Elixir and Erlang: they bring their run time, and need the C library and the packages that it links. */
export const elixir: Ecosystem = {
  id: 'elixir',
  name: 'Elixir',

  detect(subject) {
    return subject.scene.runs.some((run) => run.programs.some(({ name }) => name === 'mix' || name === 'rebar3'));
  },

  read: readMix,

  plan(build) {
    const { subject, start } = build;
    const path = start.paths.find((each) => /\/(?:rel)\/[^/]+\/bin\/[^/]+$/.test(each));
    if (path === undefined) {
      block(
        'artefact-unknown',
        `${start.argv[0] ?? ''} is no release: without one the tools of Elixir run the application.`,
        {
          line: start.line,
          unblock: 'Build a release with `mix release`, and start it from `_build/prod/rel`.',
        },
      );
    }
    const folder = subject.absolute('../..', path);
    const plan: Plan = {
      // Its start script is for a shell.
      program: { kind: 'image', bases: [releaseImage(subject)], computed: [`${folder}/`] },
      copies: [{ path: folder, isFolder: true, reason: 'the release, with its run time' }],
      environment: subject.config?.env.LANG === undefined ? { LANG: 'C.UTF-8' } : {},
      buildFolders: [
        ...new Set([...subject.context.mapped.map(({ target }) => target), ...build.steps.map(({ folder: at }) => at)]),
      ].filter((at) => at !== '/'),
      buildOnly: /^(?:MIX_\w*|HEX_\w*|REBAR_\w*)$/,
      buildPackages: /^(?:nodejs|npm|elixir|erlang.*)$/,
    };
    return plan;
  },
};

function readMix(program: Program): Reading | undefined {
  const { name, args } = program;
  if (name !== 'mix' && name !== 'rebar3') return readNodeCommand(program);
  const words = args.filter(({ text }) => !text.startsWith('-')).map(({ value, text }) => value ?? text);
  const verb = words[0] === 'do' ? words.slice(1).join(' ') : (words[0] ?? '');
  if (/^(?:local\.\w+|archive\.\w+|hex\.\w+)/.test(verb)) return { kind: 'toolchain' };
  if (/^(?:deps\.(?:get|clean)|get-deps|npm\.install)/.test(verb)) return { kind: 'fetch' };
  if (/^(?:test|format|credo|dialyzer|eunit|ct)\b/.test(verb)) return { kind: 'test' };
  if (/^(?:ecto|ash|run)\b/.test(verb)) return undefined;
  return { kind: 'compile' };
}
