import { type Program, wordTexts } from '../../rules/scene/program.ts';
import { fileWith } from '../project.ts';
import { block } from './blocked.ts';
import type { Build, Ecosystem, Plan } from './ecosystem.ts';
import { readNodeCommand } from './node.ts';
import { releaseImage } from './release.ts';
import type { Reading } from './step.ts';
import { workFolders } from './workFolders.ts';

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
    const places = placesOf(build);
    const path = start.paths.find(
      (each) =>
        /\/rel\/[^/]+\/bin\/[^/]+$/.test(each) ||
        places.some((place) => each.startsWith(`${place}/bin/`) && !each.slice(place.length + 5).includes('/')),
    );
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
    checkRelease(build);
    const folder = subject.absolute('../..', path);
    const plan: Plan = {
      // Its start script is for a shell.
      program: { kind: 'image', bases: [releaseImage(subject)], computed: [`${folder}/`] },
      copies: [{ path: folder, isFolder: true, reason: 'the release, with its run time' }],
      environment: isLocaleSet(build) ? {} : { LANG: 'C.UTF-8' },
      buildFolders: workFolders(subject, build.steps).filter((at) => at !== '/'),
      buildOnly: /^(?:MIX_\w*|HEX_\w*|REBAR_\w*)$/,
      buildPackages: /^(?:nodejs|npm|elixir|erlang.*)$/,
    };
    return plan;
  },
};

/** Where releases are put by an option. Absolute. */
function placesOf({ subject, steps }: Build): readonly string[] {
  return steps
    .filter(({ program: { name, args } }) => name === 'mix' && args[0]?.value === 'release')
    .flatMap(({ program: { args }, folder }) => {
      const at = args.findIndex(({ value }) => value === '--path');
      const place = at < 0 ? undefined : args[at + 1]?.value;
      return place === undefined ? [] : [subject.absolute(place, folder)];
    });
}

/** A release may do without what it is to bring, and be for working in. */
function checkRelease({ subject, start }: Build): void {
  const { project } = subject;
  const file = fileWith(project, /(?:^|\/)(?:mix\.exs|rebar\.config)$/, /\binclude_erts\b\s*[:,]\s*false/);
  if (file !== undefined) {
    block(
      'needs-toolchain',
      `${file} says that the release brings no Erlang of its own, so it needs that of the image.`,
      {
        line: start.line,
        unblock: 'Leave include_erts out.',
      },
    );
  }
  const environment = subject.scope.get('MIX_ENV');
  if (environment === 'dev' || environment === 'test') {
    block('development-image', `MIX_ENV is ${environment}: this image is for working in.`, { line: start.line });
  }
}

function isLocaleSet({ subject }: Build): boolean {
  return (
    subject.config?.env.LANG !== undefined || ['LANG', 'LC_ALL'].some((name) => subject.scope.get(name) !== undefined)
  );
}

function readMix(program: Program): Reading | undefined {
  const { name, args } = program;
  if (name !== 'mix' && name !== 'rebar3') return readNodeCommand(program);
  const words = wordTexts(args.filter(({ text }) => !text.startsWith('-')));
  const verb = words[0] === 'do' ? words.slice(1).join(' ') : (words[0] ?? '');
  if (/^(?:local\.\w+|archive\.\w+|hex\.\w+)/.test(verb)) return { kind: 'toolchain' };
  if (/^(?:deps\.(?:get|clean)|get-deps|npm\.install)/.test(verb)) return { kind: 'fetch' };
  if (/^(?:test|format|credo|dialyzer|eunit|ct)\b/.test(verb)) return { kind: 'test' };
  if (/^(?:ecto|ash|run)\b/.test(verb)) return undefined;
  return { kind: 'compile' };
}
