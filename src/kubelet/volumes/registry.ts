import { configMapPlugin } from './configmap/plugin.ts'
import { downwardApiPlugin } from './downwardapi/plugin.ts'
import { emptyDirPlugin } from './emptydir/plugin.ts'
import { hostPathPlugin } from './hostpath/plugin.ts'
import { imagePlugin } from './image/plugin.ts'
import type { VolumePlugin } from './plugin.ts'
import { persistentVolumePlugin } from './persistent/plugin.ts'
import { projectedPlugin } from './projected/plugin.ts'
import { secretPlugin } from './secret/plugin.ts'

/** Volumes that live on the node, in the order they are asked whether they support one. */
export const localVolumePlugins: readonly VolumePlugin[] = [
  projectedPlugin,
  configMapPlugin,
  secretPlugin,
  emptyDirPlugin,
  hostPathPlugin,
  downwardApiPlugin,
  imagePlugin,
  persistentVolumePlugin,
]
