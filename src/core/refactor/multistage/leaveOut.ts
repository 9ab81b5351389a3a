import { isWithin } from '../../rules/scene/places.ts';
import type { PlannedCopy } from './ecosystem.ts';
import type { Subject } from './subject.ts';

/** What hardly any program opens when it runs: papers, tests, the settings of other tools. */
const aside =
  /^(?:\.git|\.github|\.gitlab|\.circleci|\.vscode|\.idea|\.husky|\.devcontainer|tests?|__tests__|e2e|cypress|coverage|docs?|\.?Dockerfile[^/]*|\.dockerignore|\.gitignore|\.gitattributes|\.editorconfig|\.eslintrc[^/]*|eslint\.config\.[^/]*|\.prettier[^/]*|jest\.config\.[^/]*|(?:docker-)?compose[^/]*\.ya?ml|(?:README|CHANGELOG|CONTRIBUTING)[^/]*|Makefile|Jenkinsfile|\.travis\.yml)$/i;

/**
 * A command that removes papers, tests and settings of tools from what is copied, where somebody says so: an application may
 * show its own README. Nothing is removed otherwise.
 */
export function leftOut(subject: Subject, copies: readonly PlannedCopy[]): readonly string[] {
  const { project, context } = subject;
  const entries = new Set(project.files.map((file) => file.split('/')[0]!));
  const found = [...entries]
    .filter((name) => aside.test(name))
    .flatMap((name) => context.containerPaths(name))
    .filter((path) => copies.some((copy) => copy.isFolder && isWithin(path, copy.path)));
  if (found.length === 0) return [];
  const answer = subject.ask({
    key: 'leave-out',
    prompt: 'Leave papers, tests and settings of tools out of the image?',
    choices: [
      { value: 'no', label: 'No: all files of the application go along' },
      { value: 'yes', label: `Yes: without ${found.length === 1 ? found[0]! : `${found.length} files and folders`}` },
    ],
    default: 'no',
    detail: `Hardly any program opens them: ${found.slice(0, 5).join(', ')}${found.length > 5 ? ', …' : ''}.`,
  });
  if (answer !== 'yes') return [];
  subject.note('assumed', `Nothing opens ${found.join(', ')} when it runs.`);
  return [`RUN rm -rf ${found.join(' ')}`];
}
