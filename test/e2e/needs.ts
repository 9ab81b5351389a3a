import type { Need } from '../tools/machine.ts';

/** What compiling code-server's native modules needs, when npm installs it. */
export const codeServerNeeds: readonly Need[] = [
  { has: 'make', debian: 'make' },
  { has: 'g++', debian: 'g++' },
  { has: 'python3', debian: 'python3' },
  { has: '/usr/include/gssapi.h', debian: 'libkrb5-dev' },
  { has: '/usr/include/libsecret-1', debian: 'libsecret-1-dev' },
  { has: '/usr/include/X11/Xlib.h', debian: 'libx11-dev' },
  { has: '/usr/include/X11/extensions/XKBrules.h', debian: 'libxkbfile-dev' },
];
