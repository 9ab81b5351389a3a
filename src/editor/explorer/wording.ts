import { l10n } from 'vscode';
import { formatBytes } from '../../core/size.ts';
import { englishStrings, type PageStrings } from '../../protocol/strings.ts';

/** What the explorer says outside of its page. */
export const panelTitle = (name: string): string => l10n.t('Layers: {0}', name);
export const unnamedImage = (): string => l10n.t('image');
export const pickTitle = (): string => l10n.t('Explore an image');
export const pickPlaceholder = (): string => l10n.t('Type a reference, or choose an image');
export const compareTitle = (): string => l10n.t('Compare with');
export const pickFirstTitle = (): string => l10n.t('Compare two images: the first');
export const pickSecondTitle = (): string => l10n.t('Compare two images: the second');
export const archiveItem = (): string => l10n.t('Choose an archive …');
export const archiveDetail = (): string => l10n.t('of docker save, podman save or skopeo; .tar, .tar.gz, .tar.zst');
export const layoutItem = (): string => l10n.t('Choose an OCI layout folder …');
export const referenceItem = (reference: string): string => l10n.t('Explore {0}', reference);
export const referenceDetail = (): string => l10n.t('from the container engine, else from its registry');
export const engineHeading = (): string => l10n.t('in the container engine');
export const elsewhereHeading = (): string => l10n.t('elsewhere');
export const searchingEngine = (): string => l10n.t('Asking the container engine …');
export const noEngineImages = (): string => l10n.t('The container engine has no images.');
export const notAskedHere = (): string =>
  l10n.t('Engine and registries are not asked here: the workspace is not trusted, or Plimsoll is offline.');
export const archiveFilter = (): string => l10n.t('Image archives');
export const allFilesFilter = (): string => l10n.t('All files');
export const chooseInArchive = (): string => l10n.t('The archive holds several images');
export const searchingBuilt = (name: string): string => l10n.t('Looking for the image built from {0} …', name);
export const builtTitle = (): string => l10n.t('Images that fit this Dockerfile');
export const noneBuilt = (name: string): string =>
  l10n.t('No image in the container engine was built from {0}. Build it, then explore it.', name);
export const fitsBy = (score: number): string => l10n.t('{0} % of its history fits', Math.round(score * 100));
export const noDockerfile = (): string => l10n.t('Open a Dockerfile first.');
export const noLine = (): string => l10n.t('The Dockerfile has no line for this layer.');
export const notAFile = (): string => l10n.t('This is not a regular file.');
export const onlyVersion = (): string => l10n.t('There is no other version of this file in the image.');
export const chooseVersion = (): string => l10n.t('Compare with which version?');
export const versionLabel = (layer: number): string => l10n.t('as of layer {0}', layer + 1);
export const diffTitle = (name: string, first: string, second: string): string =>
  l10n.t('{0} ({1} ↔ {2})', name, first, second);
export const layerLabel = (layer: number): string => l10n.t('layer {0}', layer + 1);
export const imageLayerLabel = (image: string, layer: number): string => l10n.t('{0}, layer {1}', image, layer + 1);
export const shownInPart = (shown: number, whole: number): string =>
  l10n.t('The first {0} of {1} are shown.', formatBytes(shown), formatBytes(whole));
export const imageNotOpen = (): string =>
  l10n.t('This file is of an image that is no longer open in a layer explorer. Open the image and the file again.');
export const tooLargeToSave = (most: number): string => l10n.t('Files over {0} are not copied.', formatBytes(most));
export const comparingWith = (name: string): string => l10n.t('Comparing with {0} …', name);
export const comparingAt = (bytes: number, totalBytes: number | undefined): string =>
  totalBytes === undefined ? formatBytes(bytes) : l10n.t('{0} of {1}', formatBytes(bytes), formatBytes(totalBytes));
export const compareFailed = (reason: string): string => l10n.t('The images could not be compared. {0}', reason);
export const notAnImage = (): string => l10n.t('This is no image archive and no OCI layout folder.');
export const notALocalFile = (): string => l10n.t('Only files of this machine can be explored.');

/** The page's texts in the user's language: the English text is the key. */
export function pageStrings(): PageStrings {
  return Object.fromEntries(Object.entries(englishStrings).map(([name, text]) => [name, l10n.t(text)])) as PageStrings;
}
