import { layerless, readHistory } from '../../core/image/createdBy.ts';
import type { HistoryEntry, ImageConfig, ImageInfo, LayerInfo } from '../../core/image/image.ts';
import { present } from '../../core/present.ts';
import type { DecodedConfig } from '../image/manifests.ts';
import type { HistoryAnswer, InspectAnswer } from './answers.ts';
import { platformOf } from './engineSizes.ts';

/**
 * What an engine says of an image before anything of it is read. `config` is the image's own, where it could be had: its
 * history is exact. Sizes of layers are the engine's: Podman's are the lengths of the tars, Docker's what the files take.
 */
export function describeEngineImage(
  image: InspectAnswer,
  answer: HistoryAnswer,
  config: DecodedConfig | undefined,
  reference: string | undefined,
): ImageInfo {
  const diffIds = image.RootFS?.Layers ?? [];
  // The newest is the first.
  const entries = [...answer].reverse();
  const history = marked(entries, diffIds.length);
  const made = entries.filter((_, at) => !history[at]!.emptyLayer);
  return {
    ...present({ reference: reference ?? image.RepoTags[0] }),
    platform: platformOf(image),
    imageId: image.Id,
    layers: diffIds.map((diffId, index): LayerInfo => ({
      index,
      diffId,
      ...(made.length === diffIds.length ? present({ onDiskBytes: made[index]!.Size }) : {}),
    })),
    history: config?.history ?? history,
    config: config?.config ?? imageConfig(image),
  };
}

/**
 * Engines do not say which entries made a layer. One with a size did, one whose instruction never makes a layer did not;
 * the others (a `RUN` that changed nothing) all did or all did not, whichever fits the number of layers. Where neither
 * does they count as layers, so that the history is seen not to fit.
 */
function marked(entries: HistoryAnswer, layers: number): HistoryEntry[] {
  const plain = entries.map((entry): HistoryEntry => ({
    emptyLayer: false,
    ...present({
      created: entry.Created === undefined ? undefined : new Date(entry.Created * 1000).toISOString(),
      createdBy: entry.CreatedBy,
      comment: entry.Comment,
    }),
  }));
  const keywords = readHistory(plain).map(({ keyword }) => keyword);
  const hasBytes = (at: number): boolean => (entries[at]!.Size ?? 0) > 0;
  const certain = plain.filter((_, at) => hasBytes(at)).length;
  return plain.map((entry, at) => ({
    ...entry,
    emptyLayer: !hasBytes(at) && (certain === layers || layerless.has(keywords[at] ?? '')),
  }));
}

function imageConfig({ Config: config }: InspectAnswer): ImageConfig {
  return {
    env: config.Env,
    exposedPorts: config.ExposedPorts,
    volumes: config.Volumes,
    labels: config.Labels,
    onBuild: config.OnBuild,
    ...present({
      user: config.User,
      entrypoint: config.Entrypoint,
      cmd: config.Cmd,
      workingDir: config.WorkingDir,
      stopSignal: config.StopSignal,
      healthcheck: config.Healthcheck?.Test,
      shell: config.Shell,
    }),
  };
}
