/** `npm run package`: `plimsoll.vsix`, as it is published. */
import path from 'node:path';
import { buildVsix } from './vsix.ts';

buildVsix(path.join(import.meta.dirname, '../../plimsoll.vsix'));
