import {
  type AndOr,
  type Assignment,
  type Command,
  forEachChild,
  parse,
  type Pipeline,
  type Redirection,
  type Statement,
  type SyntaxNode,
  type Word,
} from 'unbash';
import type { Problem } from '../text.ts';
import { isPosixShell } from './interpreter.ts';
import { JoinedText } from './joinedText.ts';
import type { Scope } from './model.ts';
import type {
  ShellAssignment,
  ShellCommand,
  ShellJoint,
  ShellRedirection,
  ShellScript,
  ShellStatement,
  ShellWord,
} from './shellScript.ts';
import { WordValues } from './shellWords.ts';

/** What a command is inside of. */
type Place = Pick<ShellCommand, 'conditional' | 'loop' | 'subshell' | 'substitution' | 'function'>;

/** Nodes within each other, some four for each `$(`: nobody writes a tenth of it, and a stack holds twice as many. */
const deepest = 400;

const top: Place = { conditional: false, loop: false, subshell: false, substitution: false };

/** The simple commands of a script, or why it is none. */
export function readCommands(
  script: JoinedText,
  scope: Scope,
): Pick<ShellScript, 'commands' | 'statements' | 'problems'> {
  const reader = new CommandReader(script, scope);
  const tree = reader.readScript(0, script.text.length, top);
  if (reader.problems.length > 0) return { commands: [], statements: [], problems: reader.problems };
  return {
    commands: reader.commands.sort((a, b) => a.span.start - b.span.start),
    statements: tree.map(({ command, background }) => ({
      span: script.spanOf(command.pos, command.end),
      form: statementForm(command),
      background: background === true,
      alternative: command.type === 'AndOr' && command.operators.includes('||'),
    })),
    problems: [],
  };
}

/** The commands of a text that stands by itself. */
export function readShellText(text: string, scope: Scope): ReturnType<typeof readCommands> {
  return readCommands(new JoinedText(text, [{ start: 0, end: text.length }]), scope);
}

function statementForm({ type }: SyntaxNode): ShellStatement['form'] {
  return type === 'Command' ? 'command' : type === 'Pipeline' ? 'pipeline' : type === 'AndOr' ? 'list' : 'compound';
}

class CommandReader {
  readonly commands: ShellCommand[] = [];
  readonly problems: Problem[] = [];
  readonly #script: JoinedText;
  readonly #values: WordValues;
  /** Where the text that is being parsed begins in the script: the parser counts from there. */
  #base = 0;
  /** Nodes that the one being read is in. */
  #depth = 0;

  constructor(script: JoinedText, scope: Scope) {
    this.#script = script;
    this.#values = new WordValues(script.text, scope);
  }

  /** The statements that it has at its top. */
  readScript(start: number, end: number, place: Place): readonly Statement[] {
    const outer = this.#base;
    this.#base = start;
    const tree = parse(this.#script.text.slice(start, end));
    this.#reportErrors(tree.errors);
    this.#readStatements(tree.commands, place);
    this.#base = outer;
    return tree.commands;
  }

  #reportErrors(errors: readonly { readonly message: string; readonly pos: number }[] | undefined): void {
    for (const { message, pos } of errors ?? []) {
      const { text } = this.#script;
      let at = Math.min(this.#base + pos, text.length);
      while (text[at] === ' ' || text[at] === '\t') at++;
      // What is missing at the end is shown at the last character.
      if (at >= text.length) at = Math.max(0, text.length - 1);
      const span = this.#script.spanOf(at, at + 1);
      this.problems.push({ code: 'shell-syntax', message: `The shell would not take this: ${message}.`, span });
    }
  }

  #readStatements(statements: readonly Statement[], place: Place): void {
    statements.forEach((statement, index) => {
      const next = statements[index + 1];
      const joint = next && this.#joint(statement.command.end, statement.background === true ? '&' : ';');
      this.#read(statement.command, place, joint);
    });
  }

  #read(node: SyntaxNode, place: Place, joint?: ShellJoint): void {
    if (this.#depth === deepest) {
      // What is within it is parsed only when it is looked at, so that nothing deeper is.
      this.#reportErrors([{ message: 'it is nested too deeply', pos: node.pos }]);
      return;
    }
    this.#depth++;
    this.#readNode(node, place, joint);
    this.#depth--;
  }

  #readNode(node: SyntaxNode, place: Place, joint: ShellJoint | undefined): void {
    switch (node.type) {
      case 'Command': {
        this.#readCommand(node, place, joint);
        return;
      }
      case 'AndOr': {
        this.#readAndOr(node, place, joint);
        return;
      }
      case 'Pipeline': {
        this.#readPipeline(node, place, joint);
        return;
      }
      case 'CompoundList': {
        this.#readStatements(node.commands, place);
        return;
      }
      case 'Script':
        // What stands between escaped backquotes has offsets of its own, which lead nowhere.
        if (node.source !== undefined) return;
        if ('errors' in node) this.#reportErrors(node.errors);
        {
          this.#readStatements(node.commands, { ...place, substitution: true });
          return;
        }
      case 'Subshell': {
        this.#read(node.body, { ...place, subshell: true });
        return;
      }
      case 'If':
      case 'Elif':
        this.#read(node.clause, place);
        this.#readAll(node, { ...place, conditional: true }, [node.clause]);
        return;
      case 'Case':
        this.#read(node.word, place);
        this.#readAll(node, { ...place, conditional: true }, [node.word]);
        return;
      case 'While':
        this.#read(node.clause, { ...place, loop: true });
        {
          this.#read(node.body, { ...place, loop: true, conditional: true });
          return;
        }
      case 'For':
        for (const word of node.wordlist ?? []) this.#read(word, place);
        {
          this.#read(node.body, {
            ...place,
            loop: true,
            conditional: place.conditional || !node.wordlist || node.wordlist.length === 0,
          });
          return;
        }
      case 'Select':
      case 'ArithmeticFor': {
        this.#readAll(node, { ...place, loop: true, conditional: true });
        return;
      }
      case 'Function': {
        this.#readAll(node, { ...place, function: node.name.value });
        return;
      }
      default: {
        this.#readAll(node, place);
        return;
      }
    }
  }

  #readAll(node: SyntaxNode, place: Place, except: readonly SyntaxNode[] = []): void {
    forEachChild(node, (child) => {
      if (!except.includes(child)) this.#read(child, place);
    });
  }

  #readAndOr(node: AndOr, place: Place, joint: ShellJoint | undefined): void {
    const lastOr = node.operators.lastIndexOf('||');
    node.commands.forEach((command, index) => {
      const before = node.operators[index - 1];
      const operator = node.operators[index];
      const mayNotRun = before === '||' || (before === '&&' && lastOr >= index);
      this.#read(
        command,
        mayNotRun ? { ...place, conditional: true } : place,
        operator === undefined ? joint : this.#joint(command.end, operator),
      );
    });
  }

  #readPipeline(node: Pipeline, place: Place, joint: ShellJoint | undefined): void {
    node.commands.forEach((command, index) => {
      const operator = node.operators[index];
      this.#read(command, place, operator === undefined ? joint : this.#joint(command.end, operator));
    });
  }

  #readCommand(node: Command, place: Place, next: ShellJoint | undefined): void {
    const words: ShellWord[] = [];
    const assignments: ShellAssignment[] = [];
    const redirections: ShellRedirection[] = [];
    if (node.name) words.push(this.#word(node.name));
    for (const part of [...node.prefix, ...node.suffix]) {
      if (part.type === 'Word') words.push(this.#word(part));
      else if (part.type !== 'Assignment') redirections.push(this.#redirection(part));
      // `export A=b`: an assignment behind the name is an argument.
      else if (node.name && part.pos > node.name.pos) words.push(this.#assignmentWord(part));
      else assignments.push(this.#assignment(part));
    }
    const name = words[0]?.value;
    this.commands.push({
      ...(name === undefined ? {} : { name }),
      words,
      assignments,
      redirections,
      span: this.#span(node),
      ...(next ? { next } : {}),
      ...place,
    });
    this.#readAll(node, place);
    this.#readFedShell(node, name, words, place);
  }

  /** `bash <<EOF`: the heredoc is a script too. */
  #readFedShell(node: Command, name: string | undefined, words: readonly ShellWord[], place: Place): void {
    if (name === undefined || !isPosixShell(name.slice(name.lastIndexOf('/') + 1))) return;
    const onlyOptions = words.slice(1).every(({ value }) => value !== undefined && /^-[a-z]*$/.test(value));
    if (!onlyOptions || words.some(({ value }) => value?.includes('c', 1) && value.startsWith('-'))) return;
    const heredoc = node.redirects.findLast((redirect) => redirect.type === 'HereDoc');
    if (heredoc) {
      this.readScript(this.#base + heredoc.body.pos, this.#base + heredoc.body.end, { ...place, subshell: true });
    }
  }

  #word(node: Word): ShellWord {
    return { text: this.#text(node), ...this.#values.of(node), span: this.#span(node) };
  }

  #assignmentWord(node: Assignment): ShellWord {
    const { value } = this.#assignment(node);
    const operator = node.append === true ? '+=' : '=';
    return {
      text: this.#text(node),
      ...(value === undefined ? {} : { value: `${node.name}${operator}${value}` }),
      glob: false,
      span: this.#span(node),
    };
  }

  #assignment(node: Assignment): ShellAssignment {
    // Nothing is split or matched in an assignment, but what is known in a word is known here too.
    const value = node.value.type === 'Word' && !node.index ? this.#values.of(node.value).value : undefined;
    return { name: node.name, ...(value === undefined ? {} : { value }), span: this.#span(node) };
  }

  #redirection(node: Redirection): ShellRedirection {
    const descriptor = node.descriptor?.type === 'FileDescriptor' ? node.descriptor.value : undefined;
    return {
      operator: node.operator,
      ...(descriptor === undefined ? {} : { descriptor }),
      ...(node.type !== 'HereDoc' && node.target ? { target: this.#word(node.target) } : {}),
      span: this.#span(node),
      ...(node.type === 'HereDoc' ? { bodySpan: this.#span(node.body) } : {}),
    };
  }

  /** The operator behind a command, which is the first thing there but blanks and a comment. */
  #joint(commandEnd: number, operator: ShellJoint['operator']): ShellJoint {
    const behind = /(?:[ \t]|\\\n)*(?:#[^\n]*)?/y;
    behind.lastIndex = this.#base + commandEnd;
    behind.exec(this.#script.text);
    const start = behind.lastIndex;
    return { operator, span: this.#script.spanOf(start, start + operator.length) };
  }

  #text(node: { readonly pos: number; readonly end: number }): string {
    return this.#script.text.slice(this.#base + node.pos, this.#base + node.end);
  }

  #span(node: { readonly pos: number; readonly end: number }) {
    return this.#script.spanOf(this.#base + node.pos, this.#base + node.end);
  }
}
