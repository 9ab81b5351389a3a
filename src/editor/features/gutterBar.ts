import { Disposable, Range, type TextEditor, type TextEditorDecorationType, Uri, window, workspace } from 'vscode';
import type { Guard } from '../guard.ts';
import { DocumentPauses } from './documentPauses.ts';
import { isDockerfile } from '../selector.ts';
import { readHintThreshold } from '../settings.ts';
import type { DocumentWeights } from '../weighing/documentWeights.ts';
import { type Bar, barsOf, barSteps } from '../weighing/bars.ts';

/** Bars follow what is typed after a moment: VS Code moves them with their lines until then. Milliseconds. */
const typingPause = 100;

/** In the margin beside each instruction that makes a layer a bar as long as its share of the heaviest one. */
export function registerGutterBar(weights: DocumentWeights, guard: Guard): Disposable {
  const types = new Map<string, TextEditorDecorationType>();

  const typeOf = (bar: Bar): TextEditorDecorationType => {
    const key = `${bar.steps} ${bar.isMeasured}`;
    const type = types.get(key) ?? window.createTextEditorDecorationType(decorationOf(bar));
    types.set(key, type);
    return type;
  };
  const show = (editor: TextEditor): void => {
    guard.run('gutter', () => {
      const { document } = editor;
      if (!isDockerfile(document)) return;
      const weighed = weights.of(document);
      const bars = weighed === undefined ? [] : barsOf(weighed, readHintThreshold(document.uri));
      const ranges = new Map<TextEditorDecorationType, Range[]>([...types.values()].map((type) => [type, []]));
      for (const bar of bars) {
        const type = typeOf(bar);
        const start = document.positionAt(bar.instruction.keywordSpan.start);
        ranges.set(type, [...(ranges.get(type) ?? []), new Range(start, start)]);
      }
      for (const [type, places] of ranges) editor.setDecorations(type, places);
    });
  };
  const showAll = (): void => window.visibleTextEditors.forEach(show);
  const pauses = new DocumentPauses(typingPause, (document) => {
    for (const editor of window.visibleTextEditors) if (editor.document === document) show(editor);
  });

  showAll();
  return Disposable.from(
    weights.onDidChange(showAll),
    window.onDidChangeVisibleTextEditors((editors) => editors.forEach(show)),
    workspace.onDidChangeTextDocument(({ document }) => {
      if (isDockerfile(document)) pauses.typed(document);
    }),
    pauses,
    new Disposable(() => types.forEach((type) => type.dispose())),
  );
}

function decorationOf(bar: Bar): Parameters<typeof window.createTextEditorDecorationType>[0] {
  return {
    gutterIconSize: 'contain',
    light: { gutterIconPath: barPicture(bar, '#1a6fb5', '#d5dde5') },
    dark: { gutterIconPath: barPicture(bar, '#5aa9e6', '#3a4450') },
  };
}

/** A measured weight is a full bar, an estimated one an outlined one. */
function barPicture({ steps, isMeasured }: Bar, color: string, ground: string): Uri {
  const width = (14 * steps) / barSteps;
  const fill = isMeasured
    ? `fill="${color}"`
    : `fill="${color}" fill-opacity=".45" stroke="${color}" stroke-width=".8"`;
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">` +
    `<rect x="1" y="5.5" width="14" height="5" rx="1" fill="${ground}"/>` +
    `<rect x="1" y="5.5" width="${width}" height="5" rx="1" ${fill}/></svg>`;
  return Uri.parse(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);
}
