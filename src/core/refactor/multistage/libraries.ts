import type { PlannedCopy } from './ecosystem.ts';

/** Where the build stage lists the packages that the run stage installs. */
export const packageList = '/run-packages';
/** Where the build stage gathers libraries that no package owns. */
const libraryFolder = '/run-libraries';

/**
 * Names what is looked at for libraries: files, and all shared objects and programs below folders (those that end in `/`). Nothing in it
 * needs a backslash, which is the escape of one Dockerfile and none of another.
 */
function listing(paths: readonly string[]): string {
  const files = paths.filter((path) => !path.endsWith('/'));
  const folders = paths.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1));
  return [
    ...(files.length === 0 ? [] : [`ls ${files.join(' ')}`]),
    ...(folders.length === 0
      ? []
      : [
          `find ${folders.join(' ')} -type f '(' -name '*.so' -o -name '*.so.*' -o -name '*.node' -o -path '*/bin/*' -perm /111 ')'`,
        ]),
  ].join('; ');
}

/**
 * A `RUN` that writes the names of the Debian packages which own the libraries that files link into {@link packageList}, one
 * per line, and fails where a library is missing. `dpkg -S` is asked for the bare name behind any folder, because since the
 * merge of `/lib` and `/usr/lib` it does not know every path by which a library is found.
 */
export function aptListing(paths: readonly string[]): string {
  // Modules of an interpreter may link what they can do without; a program that lacks a library does not start.
  const isProgram = paths.every((path) => !path.endsWith('/'));
  // What is found in the folders themselves goes along with them, whatever package has something of the same name.
  const others = paths.filter((path) => path.endsWith('/')).map((path) => ` && index($3, "${path}") != 1`);
  return [
    `RUN { ${listing(paths)}; } | xargs -r ldd > /tmp/linked 2> /dev/null || true; \\`,
    ...(isProgram ? [`    if grep 'not found' /tmp/linked; then exit 1; fi; \\`] : []),
    `    awk '$2 == "=>" && $3 ~ "^/"${others.join('')} { print $3 }' /tmp/linked | sort -u | while read -r library; do \\`,
    `      dpkg -S "*/$(basename "$(readlink -f "$library")")" 2> /dev/null | head -n 1 | cut -d: -f1; \\`,
    `    done | sort -u > ${packageList}`,
  ].join('\n');
}

/** The same for Alpine, whose package manager takes the names of libraries themselves. */
export function apkListing(paths: readonly string[]): string {
  return [
    `RUN apk add --no-cache scanelf && \\`,
    `    { ${listing(paths)}; } | xargs -r scanelf --needed --nobanner --format '%n#p' | tr ',' ' ' | xargs -r -n 1 echo | sort -u | \\`,
    `    while read -r library; do if [ ! -e "/usr/local/lib/$library" ]; then echo "so:$library"; fi; done > ${packageList}`,
  ].join('\n');
}

/**
 * A `RUN` that gathers the libraries of files that stand outside of the folders which belong to packages: those of the `gcc`
 * image, those that the file builds or installs itself.
 */
export function localListing(paths: readonly string[]): string {
  return [
    `RUN mkdir -p ${libraryFolder} && \\`,
    `    { ${listing(paths)}; } | xargs -r ldd 2> /dev/null | awk '$2 == "=>" && $3 ~ "^/" && $3 !~ "^/(usr/)?lib" { print $3 }' | sort -u | \\`,
    `    xargs -r -I '{}' cp -L '{}' ${libraryFolder}/`,
  ].join('\n');
}

/** The copy of what {@link localListing} gathered, into a folder that the run stage looks for libraries in. */
export function localLibraries(folder: string): PlannedCopy {
  return {
    from: `${libraryFolder}/`,
    path: `${folder}/`,
    isFolder: true,
    reason: 'the libraries that it links and no package brings',
  };
}
