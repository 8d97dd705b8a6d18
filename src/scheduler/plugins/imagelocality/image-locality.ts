import type { Container, Pod } from '#api/core/v1'
import { maxNodeScore } from '../../framework/plugin.ts'
import type { Plugin, PluginContext } from '../../framework/plugin.ts'
import { names } from '../names.ts'

const mebibyte = 1024 * 1024
/** Less than this is not worth a detour. */
const minThreshold = 23 * mebibyte
const maxThresholdPerContainer = 1000 * mebibyte

/** Prefers nodes that have the pod's images already; images that few nodes have count less, lest one node draws all. */
export function createImageLocality({ cache }: Pick<PluginContext, 'cache'>): Plugin {
  const { nodes } = cache
  return {
    name: names.imageLocality,
    score(_cycle, pod, node) {
      if (nodes.images.size === 0) return 0
      let sum = 0
      for (const image of imagesOf(pod.shape.pod)) {
        const state = nodes.images.get(image)
        if (state?.nodes.has(node.name)) sum += Math.trunc(state.size * (state.nodes.size / nodes.count))
      }
      const maxThreshold = maxThresholdPerContainer * containersOf(pod.shape.pod).length
      const bounded = sum < minThreshold ? minThreshold : Math.min(sum, maxThreshold)
      return Math.trunc((maxNodeScore * (bounded - minThreshold)) / (maxThreshold - minThreshold))
    },
    scorePerNode: {
      on: 'node',
      key: (pod) => `${containersOf(pod.shape.pod).length}|${imagesOf(pod.shape.pod).join('|')}`,
      // Both the number of nodes and who has an image count for every node.
      epoch: () => (nodes.images.size === 0 ? -1 : nodes.imageGeneration * 1_000_000 + nodes.count),
    },
  }
}

function containersOf({ spec }: Pod): readonly Container[] {
  return [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]
}

function imagesOf(pod: Pod): readonly string[] {
  const images = containersOf(pod).map(({ image }) => image ?? '')
  for (const { image } of pod.spec?.volumes ?? []) if (image) images.push(image.reference ?? '')
  return images.map(normalized)
}

/** Nodes tell of images with their tags. */
function normalized(image: string): string {
  return image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image
}
