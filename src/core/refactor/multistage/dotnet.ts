import { baseName, folderOf } from '../../program/fileSystem.ts';
import { isWithin } from '../../rules/scene/places.ts';
import { type Program, splitArguments } from '../../rules/scene/program.ts';
import { compareVersions } from '../../base/tag.ts';
import { textsOf } from '../project.ts';
import { chosenArtefacts } from './artefacts.ts';
import { block } from './blocked.ts';
import { dataFiles } from './dataFiles.ts';
import type { Build, Ecosystem, ImageBase, Plan, PlannedCopy, Where } from './ecosystem.ts';
import { readNodeCommand } from './node.ts';
import { variableWord } from './start.ts';
import type { Reading } from './step.ts';
import type { Subject } from './subject.ts';
import { workFolders } from './workFolders.ts';

/** Applications for .NET: what is published goes along, onto the run-time image of the same version. */
export const dotnet: Ecosystem = {
  id: 'dotnet',
  name: '.NET',
  calls: {
    isProgram: /\.(?:cs|fs|vb)$/,
    gate: /\bProcessStartInfo\b|\bProcess\.Start\b/,
    programs: /\bnew\s+ProcessStartInfo\s*\((?!\s*\))|\bFileName\s*=(?![=>])|\bProcess\.Start\s*\((?=\s*")/g,
  },

  detect(subject) {
    return (
      /^mcr\.microsoft\.com\/dotnet\/(?:core\/|nightly\/)?sdk$/.test(subject.image) &&
      subject.scene.runs.some((run) => run.programs.some(({ name }) => name === 'dotnet'))
    );
  },

  read: readDotnet,

  plan(build) {
    const { subject, start } = build;
    const folders = publishedFolders(build);
    const projects = textsOf(subject.project, /\.(?:cs|fs|vb)proj$/);
    const { base, packages, environment } = runtime(build, projects);
    const data = dataFiles(subject, {
      start,
      isSource:
        /\.(?:cs|fs|vb|cshtml|razor|resx|csproj|fsproj|vbproj|sln|slnx|props|targets|user)$|(?:^|\/)(?:bin|obj|Properties)\/|(?:^|\/)(?:nuget\.config|global\.json|packages\.lock\.json|appsettings[^/]*\.json)$|(?:^|\/)wwwroot\//i,
      isProgram: /\.(?:cs|fs|vb)$/,
    });
    const plan: Plan = {
      program: { kind: 'image', bases: [base] },
      copies: [
        ...folders.map((path) => ({ path, isFolder: true, reason: 'what `dotnet publish` makes' })),
        ...contentBeside(subject, folders),
        ...data.filter(({ path }) => !folders.some((folder) => isWithin(path, folder))),
      ],
      packages,
      environment,
      buildFolders: [...new Set([...workFolders(subject, build.steps), ...folders])].filter((at) => at !== '/'),
      buildOnly:
        /^(?:NUGET_\w*|DOTNET_(?:CLI_\w*|SKIP_\w*|NOLOGO|USE_POLLING_FILE_WATCHER|GENERATE_\w*|SDK_\w*)|MSBUILD\w*|POWERSHELL_\w*)$/,
    };
    if (start.argv.length === 0) block('artefact-unknown', 'What starts is not known.', { line: start.line });
    return plan;
  },
};

function readDotnet(program: Program, { subject, folder }: Where): Reading | undefined {
  const { name, args } = program;
  if (name !== 'dotnet') return readNodeCommand(program);
  const { options, operands } = splitArguments(
    args,
    /^(?:-o|--output|-c|--configuration|-r|--runtime|-f|--framework|-v|--verbosity)$/,
  );
  const at = options.findIndex(({ text }) => text === '-o' || text === '--output');
  const output =
    at < 0
      ? options.find(({ text }) => /^--?o(?:utput)?[:=]/.test(text))?.value?.replace(/^[^:=]+[:=]/, '')
      : options[at + 1]?.value;
  switch (operands[0]?.value) {
    case 'restore':
    case 'add':
    case 'workload':
      return { kind: 'fetch' };
    case 'build':
    case 'publish':
    case 'pack':
    case 'msbuild':
    case 'clean':
      return { kind: 'compile', writes: output === undefined ? [] : [subject.absolute(output, folder)] };
    case 'test':
    case 'format':
      return { kind: 'test' };
    case 'tool':
    case 'new':
    case 'nuget':
    case 'dev-certs':
      return { kind: 'toolchain' };
    case undefined:
    case 'help':
      return { kind: 'neutral' };
    default:
      return undefined;
  }
}

/** The folder of the assembly or program that starts; several where a variable names it. */
function publishedFolders({ subject, start, steps }: Build): readonly string[] {
  const [first = '', ...rest] = start.argv;
  const file = baseName(first) === 'dotnet' ? rest.find((word) => /\.(?:dll|exe)$|^\$/.test(word)) : first;
  if (file === undefined || (baseName(first) !== 'dotnet' && !file.includes('/'))) {
    block('artefact-unknown', `Which assembly ${start.argv.join(' ')} starts is not known.`, {
      line: start.line,
      unblock: 'Start it as `dotnet App.dll`.',
    });
  }
  const path = subject.absolute(file, subject.workingDir);
  const folder = folderOf(path);
  const outputs = steps.flatMap(({ kind, writes }) => (kind === 'compile' ? writes : []));
  const variable = file.includes('$') ? file : variableWord(subject, start, file);
  if (variable !== undefined) {
    const published = steps
      .filter(({ program }) => program.args[0]?.value === 'publish')
      .flatMap(({ writes }) => writes);
    // Within one folder, any assembly goes along.
    const chosen = published.every((each) => each === folder) ? [] : chosenArtefacts(subject, variable, published);
    if (chosen.length > 0) return chosen;
  }
  const isBuilt = outputs.includes(folder) || /\/bin\/(?:Release|Debug)\//.test(path);
  if (!isBuilt) {
    block('artefact-unknown', `No command of the stage is known to make ${path}.`, {
      line: start.line,
      unblock: 'Publish into a folder with `dotnet publish -o`, and start the assembly there.',
    });
  }
  if (folder === '/')
    block('application-in-system', 'The application is published into the root folder.', { line: start.line });
  return [folder];
}

/** Where the application starts in another folder than its own, it looks for settings and pages there. */
function contentBeside(subject: Subject, folders: readonly string[]): readonly PlannedCopy[] {
  const { project, context, workingDir } = subject;
  if (folders.includes(workingDir)) return [];
  const content = project.files.flatMap((file) => {
    const found = /^((?:.*\/)?)(?:appsettings[^/]*\.json|wwwroot)(?=$|\/)/.exec(file)?.[0];
    return found === undefined ? [] : [found];
  });
  return [...new Set(content)]
    .flatMap((path) => context.containerPaths(path))
    .filter((path) => path.slice(0, path.lastIndexOf('/')) === workingDir)
    .map((path) => ({
      path,
      isFolder: path.endsWith('/wwwroot'),
      reason: 'what ASP.NET looks for where it is started',
    }));
}

interface Runtime {
  readonly base: ImageBase;
  readonly packages: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

function runtime({ subject, steps }: Build, projects: readonly string[]): Runtime {
  const { base, tag, stage } = subject;
  const version = tag.version?.split('.').slice(0, 2).join('.');
  if (version === undefined)
    block('unknown-version', `Which version of .NET ${base.text} has is not known.`, {
      line: stage.from.line,
      unblock: 'Name it in the tag.',
    });
  const words = steps.flatMap(({ program }) => program.args.map(({ text }) => text)).join(' ');
  const isSelfContained =
    /--self-contained(?!\s+false|=false)|-p:PublishAot=true|-p:SelfContained=true/.test(words) ||
    projects.some((text) => /<(?:PublishAot|SelfContained)>\s*true/i.test(text));
  const isWeb = projects.some((text) =>
    /Sdk="Microsoft\.NET\.Sdk\.Web"|Microsoft\.AspNetCore\.App|<PackageReference[^>]*\bAspNetCore\b/.test(text),
  );
  const flavor = isSelfContained ? 'runtime-deps' : isWeb ? 'aspnet' : 'runtime';
  const isAlpine = tag.distribution?.name === 'alpine';
  const suffix = tag.written.distribution === '' ? '' : `-${tag.written.distribution}`;
  const reference = `${base.text.replace(/\/sdk(?::.*)?$/, '')}/${flavor}:${version}${suffix}`;
  const isInvariant = projects.some((text) => /<InvariantGlobalization>\s*true/i.test(text));
  const set = (name: string): boolean =>
    stage.instructions.some(
      (instruction) => instruction.keyword === 'ENV' && subject.argumentsOf(instruction).includes(name),
    );
  const listens =
    isWeb && compareVersions(version, '8.0') >= 0 && !set('ASPNETCORE_HTTP_PORTS') && !set('ASPNETCORE_URLS');
  // The SDK's image takes back the port that the run-time image sets.
  if (listens)
    subject.note(
      'assumed',
      'Kestrel listens where the application tells it to: the run-time image’s own port 8080 is taken back, as in the SDK’s image.',
    );
  return {
    base: { reference, shell: true, packageManager: isAlpine ? 'apk' : 'apt' },
    // Alpine's run-time images have neither cultures nor time zones, which the SDK's image has.
    packages: isAlpine && !isInvariant ? ['icu-libs', 'tzdata'] : [],
    environment: {
      ...(listens ? { ASPNETCORE_HTTP_PORTS: '' } : {}),
      ...(isAlpine && !isInvariant ? { DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: 'false' } : {}),
    },
  };
}
