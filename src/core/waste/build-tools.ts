import type { Detector, Scene } from './detector.ts';
import { binaries, isForDevelopment } from './developmentUse.ts';
import { directoriesOf } from './places.ts';

const folders = [
  ...[
    '/usr/lib/gcc',
    '/usr/libexec/gcc',
    '/usr/lib/gcc-cross',
    '/usr/local/go',
    '/usr/lib/go',
    '/usr/local/rustup/toolchains',
  ],
  ...['/usr/share/dotnet/sdk', '/usr/lib/dotnet/sdk', '/usr/share/maven', '/opt/gradle', '/usr/share/gradle'],
  ...[
    '/usr/share/cmake',
    '/usr/share/aclocal',
    '/usr/share/autoconf',
    '/usr/share/automake',
    '/usr/share/bison',
    '/usr/share/libtool',
  ],
];
const versionedFolders = /^(?:llvm-?\d*|go-\d[\d.]*|cmake-\d[\d.]*|aclocal-\d[\d.]*|automake-\d[\d.]*)$/;
const programs =
  /^(?:[\w]+-(?:[\w]+-)*(?:gnu|musl|gnueabihf|musleabihf|linux)\w*-)?(?:gcc|g\+\+|cc|c\+\+|cpp|c89|c99|clang(?:\+\+|-cpp)?|lto-dump|gcov(?:-\w+)?|gcc-(?:ar|nm|ranlib)|ld(?:\.\w+)?|as|ar|nm|ranlib|objdump|objcopy|strip|readelf|dwp|gold|gprof(?:ng)?|elfedit|make|gmake|cmake|ctest|cpack|ninja|meson|autoconf|automake|aclocal|autoreconf|libtool(?:ize)?|m4|bison|flex|yacc|patch|pkg-config|pkgconf|gdb|strace|ltrace|valgrind|cargo|rustc|rustup|rustdoc|javac|mvn|gradle)(?:-?\d[\d.]*)?$/;
/** Shared libraries that programs load live among the compiler's files in some distributions. */
const keep = /^lib.*\.so(?:\.\d|$)/;
const advice =
  'Build in a stage of its own and copy the result into a stage without the tools; or install, build and purge them in one RUN.';

export const buildTools: Detector = {
  id: 'build-tools',
  title: 'Compilers and build tools',
  why: 'The start command builds nothing, so it should not need them; a program that compiles while it runs does.',
  looksFor: { names: ['.rustup', 'jmods', 'src.zip'] },
  detect(scene) {
    if (isForDevelopment(scene.start)) return;
    const { tree } = scene;
    const places = [
      ...folders.map((path) => tree.find(path)),
      ...scene.named('.rustup').map((node) => tree.below(node, 'toolchains')),
      ...directoriesOf(scene, 'RUSTUP_HOME').map((path) => tree.find(`${path}/toolchains`)),
      ...['/usr/lib', '/usr/share'].flatMap((path) => versioned(scene, path)),
    ];
    for (const node of places) scene.claim(node, { safety: 'check', advice, keep });
    for (const { folder, nodes } of binaries(scene)) {
      scene.claim(
        nodes.filter((node) => programs.test(tree.nameText(node)) && !tree.isDirectory(node)),
        { path: folder, safety: 'check', advice, keep },
      );
    }
    claimJavaDevelopment(scene);
  },
};

function versioned({ tree }: Scene, path: string): number[] {
  const folder = tree.find(path);
  if (folder < 0) return [];
  return [...tree.children(folder)].filter(
    (node) => versionedFolders.test(tree.nameText(node)) && tree.isDirectory(node),
  );
}

/** A JDK has modules to link images from, and the sources of its library; running needs neither. */
function claimJavaDevelopment(scene: Scene): void {
  const { tree } = scene;
  const isHome = (node: number) => tree.below(node, 'bin/java') >= 0;
  const homes = scene.named('jmods').map((node) => tree.parent(node));
  const sources = scene.named('src.zip').map((node) => tree.parent(node));
  for (const home of new Set([...homes, ...sources.map((node) => (isHome(node) ? node : tree.parent(node)))])) {
    if (!isHome(home)) continue;
    const nodes = ['jmods', 'src.zip', 'lib/src.zip', 'lib/ct.sym'].map((path) => tree.below(home, path));
    scene.claim(
      nodes.filter((node) => node >= 0),
      {
        path: tree.path(home),
        safety: 'check',
        why: 'Only for compiling and for making runtimes with jlink.',
        advice: 'Start from a JRE, or make a runtime of the modules you need with jlink in a stage of its own.',
      },
    );
  }
}
