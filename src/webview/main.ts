import { registerControls } from './toolkit.ts';

registerControls();
