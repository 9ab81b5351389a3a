import type { Instruction } from '../../dockerfile/model.ts';
import { isRoot } from '../../rules/scene/user.ts';
import type { TextEdit } from '../../text.ts';
import { splitArguments } from '../../rules/scene/program.ts';
import { failed, passed, unproven, type Verdict } from './baseSwap.ts';
import { madeAccounts } from './runs.ts';
import { argumentsOf, lastOf, type SwapSubject, type Target } from './subject.ts';

/** The user of distroless images that is not root. */
const nonroot = 65532;

/** Whether the users and groups that the file names are on the other base, by name or by number. */
export function userVerdicts(subject: SwapSubject, target: Target): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  for (const { span, text, instruction, isUser } of namedUsers(subject)) {
    const answer = check(subject, target, text, isUser);
    const { line } = instruction;
    if (typeof answer === 'string') {
      if (answer === text) continue;
      const edits: TextEdit[] = [{ ...span, newText: answer }];
      const home = isUser && !hasUser(target, answer) ? ' Its home is / there, as of anyone who is not known.' : '';
      const said = `${text} is ${answer} by number, since ${target.written} does not know the name.${home}`;
      verdicts.push(passed('users', said, { line, edits, notes: [{ kind: 'changed', text: said, line }] }));
    } else verdicts.push({ ...answer, line });
  }
  for (const { name, isGroup, line } of target.hasShell ? commandUsers(subject) : []) {
    const text = isGroup ? `0:${name}` : name;
    // A command cannot be told the number here, so the name must be there.
    if (check(subject, target, text, true) === text) continue;
    verdicts.push(
      failed('users', `${name} is named in a RUN, and ${target.written} has no such ${isGroup ? 'group' : 'user'}.`, {
        line,
        unblock: 'Make it in the stage, or use its number.',
      }),
    );
  }
  const home =
    !target.hasShell && madeAccounts(subject).find((account) => account.kind === 'user' && account.makesHome);
  if (home) verdicts.push(unproven('users', `${home.name} has a home folder, and nothing makes one there.`));
  return verdicts.length > 0 ? verdicts : [passed('users', 'All users and groups that are named are there.')];
}

/** Whether a number, perhaps with that of a group, is somebody's. */
function hasUser({ config }: Target, owner: string): boolean {
  return Object.values(config?.users ?? {}).includes(Number(owner.replace(/:.*$/, '')));
}

/** True where the container runs as somebody else than root, so that a base for that can be taken. */
export function runsAsOther(subject: SwapSubject): boolean {
  const user = lastOf(subject, 'USER');
  const name = user ? argumentsOf(subject, user) : subject.config?.user;
  return name !== undefined && !isRoot(name);
}

interface NamedUser {
  readonly instruction: Instruction;
  /** `app`, `app:app`, `1000:app`. */
  readonly text: string;
  readonly span: { readonly start: number; readonly end: number };
  readonly isUser: boolean;
}

function namedUsers(subject: SwapSubject): readonly NamedUser[] {
  return subject.instructions.flatMap((instruction): NamedUser[] => {
    if (instruction.keyword === 'USER') {
      const text = argumentsOf(subject, instruction)?.trim();
      return text === undefined ? [] : [{ instruction, text, span: instruction.argsSpan, isUser: true }];
    }
    if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') return [];
    return instruction.flags.flatMap(({ name, value, valueSpan }): NamedUser[] => {
      const text = value === undefined ? undefined : subject.scene.expanded(instruction, value);
      if (name !== 'chown' || text === undefined || valueSpan === undefined) return [];
      return [{ instruction, text, span: valueSpan, isUser: false }];
    });
  });
}

/** The users and groups that `chown` and its like name. */
function commandUsers({ runs }: SwapSubject): readonly { name: string; isGroup: boolean; line: number }[] {
  return runs.flatMap(({ programs, instruction: { line } }) =>
    programs.flatMap(({ name, args }) => {
      if (!/^(?:chown|chgrp)$/.test(name)) return [];
      const [owner] = splitArguments(args).operands;
      if (owner?.value === undefined) return [];
      const [user = '', group = ''] = name === 'chgrp' ? ['', owner.value] : owner.value.split(':');
      return [
        ...(user === '' ? [] : [{ name: user, isGroup: false, line }]),
        ...(group === '' ? [] : [{ name: group, isGroup: true, line }]),
      ];
    }),
  );
}

/** The text that means the same on the other base, or what stands in the way. */
function check(subject: SwapSubject, target: Target, text: string, isUser: boolean): string | Omit<Verdict, 'line'> {
  const [user = '', group] = text.split(':');
  const accounts = madeAccounts(subject);
  // Where RUN is kept, it makes its users there too.
  const isMade = (name: string, kind: 'user' | 'group'): boolean =>
    target.hasShell &&
    accounts.some(
      (account) =>
        account.name === name && (account.kind === kind || (account.kind === 'user' && account.group === undefined)),
    );
  const find = (name: string, kind: 'user' | 'group'): string | undefined => {
    if (/^\d+$/.test(name) || isMade(name, kind)) return name;
    const key = kind === 'user' ? 'users' : 'groups';
    const now = subject.config?.[key][name] ?? (name === 'root' ? 0 : undefined);
    const then = target.config?.[key][name] ?? (name === 'root' ? 0 : undefined);
    if (then !== undefined && (now === undefined || now === then)) return name;
    if (now !== undefined) return String(now);
    const account = accounts.find((each) => each.name === name && each.kind !== 'membership');
    if (account === undefined) return undefined;
    return account.kind !== 'membership' && account.id !== undefined ? account.id : String(nonroot);
  };
  const first = find(user, 'user');
  // A user of a group of his own: useradd made both.
  const second = group === undefined ? undefined : (find(group, 'group') ?? (group === user ? first : undefined));
  if (first === undefined || (group !== undefined && second === undefined)) {
    const missing = first === undefined ? user : group!;
    return failed('users', `${target.written} has no ${first === undefined ? 'user' : 'group'} ${missing}.`, {
      unblock: `${isUser ? 'Name the user' : 'Name both'} by number.`,
    });
  }
  // By name, the group comes along from /etc/passwd; by number, only if it is said.
  const primary = group === undefined && first !== user ? first : second;
  return primary === undefined ? first : `${first}:${primary}`;
}
