import { removeCommand } from './edit/remove.ts';
import type { Hit, Rule } from './rule.ts';
import { hasArgument, type Program } from './scene/program.ts';
import type { Run } from './scene/run.ts';

interface PackedHit extends Hit {
  readonly run: Run;
  readonly program: Program;
}

export const upxPacked: Rule<PackedHit> = {
  id: 'upx-packed',
  title: 'A program packed with UPX',
  why: 'Layers are compressed anyway, so a packed program hardly makes a pull smaller; it does on disk. At every start it is unpacked into memory that no two containers share and that cannot be given back, it starts later, and scanners for viruses mistrust it. `strip`, or `-ldflags="-s -w"` for Go, saves most of it at no such price. The fix takes the packing out, and asks. It is no matter of bytes, so it is information at most.',
  concerns: 'files',

  detect: (scene) =>
    !scene.stage.reachesFinal
      ? []
      : scene.runs.flatMap((run) =>
          run.programs
            .filter((program) => program.name === 'upx' && !hasArgument(program, /^(?:-[dtlVh]|--version|--help)$/))
            .map((program) => ({
              ...{ instruction: run.instruction, run, program, span: program.command.span, timeOnly: true },
              message: 'A packed program is unpacked into memory at every start, and a pull gets hardly smaller by it.',
            })),
        ),

  fix({ run, program }, scene) {
    const edit = removeCommand(scene.dockerfile, run, program.command);
    return edit && { title: 'Leave the program as it is', confidence: 'ask', edits: [edit] };
  },
};
