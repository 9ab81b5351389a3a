import { block } from './blocked.ts';
import type { Build } from './ecosystem.ts';

/**
 * Where `manage.py collectstatic` puts what it collects, if that is outside of the application: absolute paths. Blocks where the
 * settings leave that to the environment.
 */
export function collectedFiles({ subject, steps }: Build): readonly string[] {
  const step = steps.find(({ program }) => program.args.some(({ value }) => value === 'collectstatic'));
  if (step === undefined) return [];
  const { project, context } = subject;
  const settings = context.mapped
    .flatMap(({ source }) => project.below(source))
    .filter((file) => /(?:^|\/)settings(?:\/[^/]+)?[^/]*\.py$/.test(file));
  return [...new Set(settings)].flatMap((file) => {
    const found = [...(project.text(file) ?? '').matchAll(/^[ \t]*STATIC_ROOT\s*=\s*(.+)$/gm)];
    return found.flatMap(([, value = '']) => {
      const fixed = /^(?:Path\()?["'](\/[^"']*)["']\)?\s*(?:#.*)?$/.exec(value);
      if (fixed !== null) return [fixed[1]!.replace(/(?<=.)\/+$/, '')];
      if (/environ|getenv|\benv\b|config\(|\.\.|\.parent\b.*\.parent\b|["']\//.test(value)) {
        block('static-files-unknown', `Where collectstatic puts its files is not known: ${file} works it out.`, {
          line: step.instruction.line,
          unblock: 'Give STATIC_ROOT a folder of the application.',
        });
      }
      return [];
    });
  });
}
