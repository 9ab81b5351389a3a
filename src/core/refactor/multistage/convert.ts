import { baseName } from '../../program/fileSystem.ts';
import { lookUpSizes } from '../../base/catalogue.ts';
import type { Dockerfile } from '../../dockerfile/model.ts';
import { parseDockerfile } from '../../dockerfile/parse.ts';
import { defaultPath } from '../../program/searchPath.ts';
import { isWithin } from '../../rules/scene/places.ts';
import { isNumeric } from '../../rules/scene/user.ts';
import { type Size, type SizeSum, sumSizes } from '../../size.ts';
import { applyEdits } from '../../text.ts';
import type { RefactorOptions } from '../options.ts';
import { possibleNotes } from '../possibleConsumers.ts';
import type { Project } from '../project.ts';
import type { Proposal, Refactoring } from '../refactoring.ts';
import { block, Blocked } from './blocked.ts';
import { otherArguments } from './buildArguments.ts';
import { compiles } from './c.ts';
import { carried } from './carried.ts';
import type { Build, Plan, PlannedCopy } from './ecosystem.ts';
import { ecosystems } from './ecosystems.ts';
import { writeStages } from './finalStage.ts';
import { leftovers } from './folders.ts';
import { checkCopies, checkStart, checkSteps, checkStage, checkText, checkTools } from './gates.ts';
import { runPackages } from './packages.ts';
import { chooseRunBase, type RunBase, type RunNeeds } from './runBase.ts';
import { foreignPrograms, readStart, type Start } from './start.ts';
import { checkStartFolders } from './startFolders.ts';
import { readSteps } from './steps.ts';
import { Subject } from './subject.ts';
import { withSubprocesses } from './subprocesses.ts';

/**
 * Moves what the final image does not need into a stage of its own. Reads no disk: what it lacks is in `project.wanted`, and
 * it is asked again when that is loaded.
 */
export function convertToMultistage(dockerfile: Dockerfile, project: Project, options: RefactorOptions): Refactoring {
  const read = (each: Dockerfile): Refactoring => {
    try {
      checkText(each);
      return convert(new Subject(each, project, options));
    } catch (error) {
      if (error instanceof Blocked) return error.refusal;
      throw error;
    }
  };
  const result = read(dockerfile);
  return (
    (result.kind === 'proposal' ? otherArguments(dockerfile, project, options, result, read) : undefined) ?? result
  );
}

function convert(subject: Subject): Refactoring {
  const { dockerfile, stage, notes, optional, open } = subject;
  checkStage(subject);
  const ecosystem = ecosystems.find((each) => each.detect(subject));
  if (ecosystem === undefined) return blockIdle(subject);
  if (stage.index !== dockerfile.stages.length - 1) {
    block('not-last', 'The stage that is built is not the last of the file.', { line: stage.from.line });
  }
  const start = withSubprocesses(subject, readStart(subject), ecosystem.calls);
  checkStart(subject, start);
  const steps = readSteps(subject, ecosystem);
  checkSteps(subject, steps);
  const build: Build = { subject, start, steps };
  const plan = ecosystem.plan(build);
  checkStartFolders(build, plan);
  const left = leftovers(subject, start, steps, plan.buildFolders, plan.copies);
  const scripts = start.scripts.map(({ path, contextPath }): PlannedCopy => ({
    path,
    isFolder: false,
    reason: `the script ${contextPath} that is started`,
  }));
  const others = carried(subject, start, plan);
  const copies = withoutInner([...plan.copies, ...scripts, ...others, ...left.copies]);
  const foreign = others.find(({ path }) => !/\.\w{1,5}$/.test(path));
  const needs = needsOf(
    build,
    plan,
    copies,
    left.distribution ?? (foreign && `${foreign.path}, which may need its libraries`),
  );
  const base = chooseRunBase(subject, plan.program, needs);
  if (open.length > 0) return { kind: 'inquiry', questions: open };
  checkCopies(subject, copies);

  const before = subject.options.finalSize ?? baseSize(subject);
  const after = sizeAfter(subject, plan, base, copies);
  checkBenefit(subject, before, after);
  const isOutside = (path: string): boolean => !copies.some((copy) => isWithin(path, copy.path));
  const ownedFolders = new Map(
    [...left.owned].filter(
      ([path]) => isOutside(path) && isWithin(subject.workingDir, path) && path.split('/').length <= 3,
    ),
  );
  const edits = writeStages({
    subject,
    start,
    steps,
    plan: withSearchPath(build, plan, base, copies),
    base,
    copies,
    ownedFolders,
    computed: plan.program.kind === 'static' ? [] : (plan.program.computed ?? []),
  });
  checkResult(dockerfile, applyEdits(dockerfile.text, edits));
  describe(build, ecosystem.name, plan, copies, base);
  const proposal: Proposal = {
    kind: 'proposal',
    title: 'Convert to multi-stage',
    edits,
    files: [],
    runBase: base.reference,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    notes,
    options: optional,
  };
  return proposal;
}

/** A stage that builds nothing that can be read: perhaps because it builds when it starts, or what it has fetched. */
function blockIdle(subject: Subject): never {
  const { stage, scene } = subject;
  const isStarted = stage.instructions.some(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT');
  if (isStarted) checkTools(readStart(subject));
  const building = scene.runs.find((run) => run.programs.some(compiles));
  if (building !== undefined) {
    block(
      'unread-sources',
      'What is compiled here is not in the build context, so what it needs when it runs cannot be read.',
      {
        line: building.instruction.line,
        unblock:
          'Bring its sources in from the context, or put this into a stage of its own and copy what it installs.',
      },
    );
  }
  return block(
    'no-benefit',
    'Nothing in the final stage builds anything that could stay behind in a stage of its own.',
    {
      line: stage.from.line,
    },
  );
}

/** Copies of what another one copies already are left out; so is what stands twice. */
function withoutInner(copies: readonly PlannedCopy[]): readonly PlannedCopy[] {
  return copies.filter(
    (copy, at) =>
      !copies.some(
        (other, index) =>
          other !== copy &&
          other.from === undefined &&
          copy.from === undefined &&
          isWithin(copy.path, other.path) &&
          (other.path !== copy.path || index < at),
      ),
  );
}

function needsOf(
  { subject, start, steps }: Build,
  plan: Plan,
  copies: readonly PlannedCopy[],
  distribution: string | undefined,
): RunNeeds {
  const computed = plan.program.kind === 'static' ? undefined : plan.program.computed;
  const packages = [...new Set([...runPackages(steps, start, plan.buildPackages), ...(plan.packages ?? [])])];
  const isMade = (name: string): boolean =>
    copies.some(({ path }) => isWithin(subject.absolute(name, subject.workingDir), path));
  const byName = (name: string): boolean => copies.some(({ path }) => baseName(path) === name);
  const tools = foreignPrograms(start, isMade).filter(
    ({ name }) =>
      name !== start.argv[0] &&
      !byName(name) &&
      !packages.includes(baseName(name)) &&
      plan.provided?.includes(baseName(name)) !== true,
  );
  // A system that is set up for its programs is needed as a whole.
  const system = steps.find(({ kind }) => kind === 'system');
  return {
    shellUsers: start.shellUsers.filter(({ plain }) => plain === undefined),
    packages,
    computesPackages: computed !== undefined && computed.length > 0,
    tools,
    usesUsers:
      steps.some(({ kind }) => kind === 'users') ||
      subject.stage.instructions.some(
        (instruction) =>
          instruction.keyword === 'USER' &&
          plan.keepsUser !== true &&
          !isNumeric(subject.argumentsOf(instruction).trim()),
      ) ||
      [...copies.map(({ owner }) => owner), ...subject.project.consumers.map(({ user }) => user)].some(
        (user) => user !== undefined && !isNumeric(user),
      ),
    distribution: distribution ?? (system?.program.name.includes('locale') ? 'a locale that is generated' : undefined),
  };
}

/** A program that is found by its name must be found in the run stage as well. */
function withSearchPath({ subject, start }: Build, plan: Plan, base: RunBase, copies: readonly PlannedCopy[]): Plan {
  const folders = (base.config?.env.PATH ?? defaultPath).split(':');
  const isSet = subject.stage.instructions.some(
    (instruction) => instruction.keyword === 'ENV' && /^PATH[= ]/.test(subject.argumentsOf(instruction)),
  );
  const missing = start.programs
    .filter(({ name }) => !name.includes('/'))
    .flatMap(({ name }) =>
      copies
        .filter(({ path, isFolder }) => !isFolder && baseName(path) === name)
        .map(({ path }) => path.slice(0, path.lastIndexOf('/'))),
    )
    .filter((folder) => !folders.includes(folder));
  if (missing.length === 0 || isSet) return plan;
  return { ...plan, environment: { PATH: [...new Set(missing), ...folders].join(':'), ...plan.environment } };
}

/** What the base alone weighs: at least that much the image weighs now. */
function baseSize({ base }: Subject): SizeSum | undefined {
  const size = lookUpSizes(base.reference, base.platform)?.onDisk;
  return size && { ...size, complete: false };
}

/** The base, the files of the context that are copied, and what was built as far as it was measured. */
function sizeAfter(
  { options, context, project }: Subject,
  plan: Plan,
  base: RunBase,
  copies: readonly PlannedCopy[],
): SizeSum | undefined {
  const parts = copies.map(({ path, from, isFolder }): Size | undefined => {
    // What is made otherwise from now on (pruned modules, another linkage) is not as large as it was.
    const isOther = plan.program.kind === 'static' && plan.program.linksStatically === true;
    const isPruned = isFolder && (plan.tail?.length ?? 0) > 0;
    const built = isOther || isPruned ? undefined : options.bytesAt?.(from ?? path);
    if (built !== undefined) return { bytes: built, basis: 'estimated' };
    // What was built in a folder is not among the files of the context.
    if (plan.buildFolders.some((folder) => isWithin(folder, path))) return undefined;
    const source = context.contextPath(path);
    const bytes = source === undefined ? undefined : project.bytes(source);
    return bytes === undefined ? undefined : { bytes, basis: 'estimated' };
  });
  const computed = plan.program.kind === 'static' ? undefined : plan.program.computed;
  const isMore = [base.packages, computed, plan.runs].some((more) => more !== undefined && more.length > 0);
  return sumSizes([base.size, ...parts, ...(isMore ? [undefined] : [])]);
}

/** Less than this nobody would change a file for. */
const leastSaved = 20e6;
const leastShare = 0.1;

function checkBenefit({ stage }: Subject, before: SizeSum | undefined, after: SizeSum | undefined): void {
  // A sum that lacks a part of the image before may only be too small, and one after only be too small as well.
  if (before === undefined || !after?.complete) return;
  const saved = before.bytes - after.bytes;
  if (saved < leastSaved && saved < before.bytes * leastShare && before.complete) {
    block('no-benefit', 'The image would hardly get smaller.', { line: stage.from.line });
  }
}

/** A bug of ours must not become a broken file of somebody else. */
function checkResult(dockerfile: Dockerfile, text: string): void {
  const after = parseDockerfile(text);
  if (after.problems.length > 0)
    throw new Error(`the conversion made a file that does not parse: ${after.problems[0]!.message}`);
  if (after.stages.length !== dockerfile.stages.length + 1) throw new Error('the conversion did not add one stage');
}

function describe(
  { subject, start, steps }: Build,
  name: string,
  plan: Plan,
  copies: readonly PlannedCopy[],
  base: RunBase,
): void {
  const { stage, project } = subject;
  const tools = steps.filter(
    ({ kind }) => kind === 'toolchain' || kind === 'fetch' || kind === 'compile' || kind === 'test',
  );
  subject.notes.unshift({
    kind: 'moved',
    text: `Everything that builds stays in the stage \`${stage.name ?? 'build'}\`: ${subject.base.text} with its ${name} tools${tools.length > 0 ? ', what they fetch and what they leave behind' : ''}.`,
    line: stage.from.line,
  });
  for (const { path, reason } of copies) subject.note('moved', `\`${path}\` is copied to the same place: ${reason}.`);
  subject.note('moved', `The run stage is built on ${base.reference}${whyBase(plan, base, start)}.`);
  if (base.packages.length > 0) subject.note('moved', `Packages that run it: ${base.packages.join(', ')}.`);
  if (base.pin !== undefined) {
    subject.note(
      'changed',
      `Both stages are pinned to one release: ${base.pin} is what ${subject.base.text} means today.`,
      stage.from.line,
    );
  }
  if (!base.shell)
    subject.note(
      'changed',
      'The run stage has no shell: `docker exec … sh` does not work there. The build stage has one: build it with `--target`.',
    );
  for (const { target, name: who, file, line } of project.consumers) {
    if (target !== undefined && target === stage.name)
      subject.note(
        'assumed',
        `${who} (${file}:${line}) builds the stage \`${target}\`, so it keeps the image that it has.`,
      );
  }
  subject.notes.push(...possibleNotes(project));
  subject.note(
    'test',
    `Build it, start it, and use what reads files or starts other programs: ${start.argv.join(' ')}.`,
  );
}

function whyBase({ program }: Plan, base: RunBase, { shellUsers }: Start): string {
  if (base.packageManager !== 'none') {
    if (base.packages.length > 0) return ', because packages are installed there';
    const user = program.kind === 'image' ? undefined : shellUsers.find(({ plain }) => plain === undefined);
    return user === undefined ? '' : `, which has a shell: ${user.why}`;
  }
  switch (program.kind) {
    case 'static':
      return ', because the program links nothing: it brings certificates, time zones and /tmp';
    case 'dynamic':
      return ', because the program needs the C library of that release';
    case 'image':
      return '';
  }
}
