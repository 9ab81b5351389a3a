import { l10n } from 'vscode';
import type { Verdict } from '../../core/prove/report.ts';
import type { ProveStep } from '../../sources/prove/prove.ts';

/** What proving says outside of its report. */
export const channelName = (): string => l10n.t('Plimsoll: Prove It');
export const proveTitle = (name: string): string => l10n.t('Prove {0}: build before and after', name);
export const optionsPlaceholder = (): string => l10n.t('What is done besides building and comparing');
export const startItem = (seconds: number): string => l10n.t('Start both for {0} seconds', seconds);
export const startDetail = (): string => l10n.t('without network; how they end and what they write first is compared');
export const commandItem = (): string => l10n.t('Run a command in both …');
export const commandPrompt = (): string => l10n.t('The command, for example: /app --version');
export const beforePlaceholder = (): string => l10n.t('What the Dockerfile is compared with');
export const committedItem = (): string => l10n.t('As it was last committed');
export const savedItem = (): string => l10n.t('As it is saved');
export const otherItem = (): string => l10n.t('Another Dockerfile …');
export const otherOpen = (): string => l10n.t('Compare with It');
export const noDockerfile = (): string => l10n.t('Open the Dockerfile that is to be proved.');
export const sameText = (name: string): string =>
  l10n.t('{0} is the same before and after: there is nothing to prove.', name);
export const notTrusted = (): string =>
  l10n.t('Images are built in trusted workspaces only, and not while Plimsoll is offline.');
export const noContext = (name: string): string =>
  l10n.t('{0} is in no folder of the workspace, so its build context is not known.', name);
export const proofName = (name: string): string => l10n.t('Proof of {0}', name);
export const compareButton = (): string => l10n.t('Compare the Images');
export const logButton = (): string => l10n.t('Show the Log');
export const imagesGone = (): string =>
  l10n.t('The images of this proof have been removed. Prove it again to compare them.');
export const committedName = (name: string): string => l10n.t('{0} (committed)', name);
export const savedName = (name: string): string => l10n.t('{0} (saved)', name);
export const changedName = (name: string): string => l10n.t('{0} (changed)', name);

export function verdictText(verdict: Verdict, name: string, headline: string, reason: string | undefined): string {
  switch (verdict) {
    case 'works':
      return l10n.t('{0} works: {1}.', name, headline);
    case 'differs':
      return l10n.t('{0} differs: {1}', name, reason ?? headline);
    case 'broken':
      return l10n.t('{0} is broken: {1}', name, reason ?? headline);
    case 'not-built':
      return l10n.t('{0} was not proved: {1}', name, reason ?? headline);
  }
}

export function stepText({ what, side }: ProveStep): string {
  const isBefore = side === 'before';
  switch (what) {
    case 'build':
      return isBefore ? l10n.t('building the image before …') : l10n.t('building the image after …');
    case 'read':
      return isBefore ? l10n.t('reading the image before …') : l10n.t('reading the image after …');
    case 'start':
      return isBefore ? l10n.t('starting the image before …') : l10n.t('starting the image after …');
    case 'command':
      return isBefore ? l10n.t('running the command before …') : l10n.t('running the command after …');
    case 'clean':
      return l10n.t('cleaning up …');
  }
}
