import type { Instruction } from '../../dockerfile/model.ts';
import type { Program } from '../../rules/scene/program.ts';
import { place } from '../../rules/scene/places.ts';
import type { Run } from '../../rules/scene/run.ts';
import { block } from './blocked.ts';
import { readCommand } from './commands.ts';
import type { Ecosystem } from './ecosystem.ts';
import type { Reading, Step } from './step.ts';
import type { Subject } from './subject.ts';

/**
 * All commands of the stage's `RUN`s, with what each is for and what it writes. Blocks at the first one that nobody knows:
 * what it leaves behind may be needed to run.
 */
export function readSteps(subject: Subject, ecosystem: Pick<Ecosystem, 'name' | 'read'>): readonly Step[] {
  return subject.scene.runs.flatMap((run) => readRun(subject, run, ecosystem));
}

function readRun(subject: Subject, run: Run, ecosystem: Pick<Ecosystem, 'name' | 'read'>): readonly Step[] {
  const { instruction, script } = run;
  const { line } = instruction;
  if (script.kind === 'foreign') {
    block('foreign-script', `This RUN is for ${script.interpreter}, which is not read.`, { line });
  }
  if (script.problems.length > 0) block('shell-syntax', script.problems[0]!.message, { line });
  const nameless = script.commands.find((command) => command.words.length > 0 && command.name === undefined);
  if (nameless) block('unknown-command', 'What this RUN starts is known only when it runs.', { line });

  const steps: Step[] = [];
  let folder = subject.folderAt(instruction);
  for (const program of run.programs) {
    if (program.name === 'cd' && !program.command.subshell) {
      const to = program.args[0]?.value;
      if (to === undefined) block('unknown-folder', 'Where `cd` leads is known only when it runs.', { line });
      folder = to === '-' ? subject.folderAt(instruction) : subject.absolute(to, folder);
    }
    const reading = ecosystem.read(program, { subject, run, folder }) ?? readCommand(program);
    if (reading === undefined) blockUnknown(subject, instruction, program);
    steps.push(toStep(subject, run, program, folder, reading));
  }
  return steps;
}

function toStep(subject: Subject, run: Run, program: Program, folder: string, reading: Reading): Step {
  const { kind, writes = [], removes = [], packages } = reading;
  const home = subject.config?.env.HOME ?? '/root';
  const settle = (path: string): string => subject.absolute(path.replace(/^~(?=\/|$)/, home), folder);
  return {
    instruction: run.instruction,
    program,
    kind,
    folder,
    // What is written into a mount is in no layer.
    writes: writes.map(settle).filter((path) => !run.isMounted(place(path))),
    removes: removes.map(settle),
    ...(packages === undefined ? {} : { packages }),
  };
}

function blockUnknown(subject: Subject, { line }: Instruction, program: Program): never {
  const { name, command } = program;
  const piped = command.next?.operator === '|';
  if (isDaemon(program)) {
    block('daemon', `${name} starts a service during the build; what it leaves behind is not known.`, { line });
  }
  const shown = subject.dockerfile.text.slice(command.span.start, command.span.end).split(/\r\n|\r|\n/)[0]!;
  const short = shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
  block(
    'unknown-command',
    `What \`${short}\` leaves behind is not known${piped ? ', nor what reads its output' : ''}.`,
    {
      line,
      unblock:
        'Put it into a stage of its own and copy what it makes, or say with a comment-free, known command what it writes.',
    },
  );
}

function isDaemon({ name, args }: Program): boolean {
  return (
    /^(?:service|systemctl|pg_ctl|pg_ctlcluster|mysqld|mysqld_safe|mongod|redis-server|rabbitmq-server|dockerd|supervisord|sshd|cron|crond)$/.test(
      name,
    ) && !args.some(({ value }) => value === 'enable' || value === 'disable')
  );
}
