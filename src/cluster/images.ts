import { existsSync } from 'node:fs'
import { messageOf } from '#base'
import { importImage } from '#kubelet/host'
import { createCriRuntime } from '#kubelet/cri'
import { snapshotterFor } from './host/snapshotter.ts'
import { step } from './progress.ts'
import type { Progress } from './progress.ts'
import type { RunningNode } from './state/running.ts'
import { UserError } from './user-error.ts'

/**
 * Gives images to all nodes of a cluster.
 *
 * @param sources archives (`docker save`, OCI layout) by file name, or references to pull.
 * @throws UserError
 */
export async function loadImages(
  nodes: readonly RunningNode[],
  sources: readonly string[],
  progress: Progress,
): Promise<void> {
  for (const source of sources) {
    const isFile = existsSync(source)
    if (!isFile && /\.(?:tar|tgz|tar\.gz)$/.test(source)) {
      throw new UserError(`there is no file ${source}: check the name, or give a reference such as nginx:1.20.1`)
    }
    await step(progress, `image ${source}`, () =>
      Promise.all(nodes.map((node) => (isFile ? importInto(node, source) : pullInto(node, source)))),
    )
  }
}

async function importInto(node: RunningNode, file: string): Promise<void> {
  const { containerdSocket, containerdRoot } = realNode(node)
  try {
    await importImage(containerdSocket, file, await snapshotterFor(containerdRoot))
  } catch (cause) {
    throw new UserError(
      `${file} could not be loaded into node ${node.name} (${reasonOf(cause)}): give an archive of docker save or in OCI layout`,
      { cause },
    )
  }
}

async function pullInto(node: RunningNode, reference: string): Promise<void> {
  const runtime = createCriRuntime({ endpoint: `unix://${realNode(node).containerdSocket}` })
  try {
    await runtime.images.pull({ image: reference })
  } catch (cause) {
    throw new UserError(
      `image ${reference} could not be pulled to node ${node.name} (${reasonOf(cause)}): check its name and the way to its registry`,
      { cause },
    )
  } finally {
    runtime.close()
  }
}

function realNode({ name, containerdSocket, containerdRoot }: RunningNode): {
  readonly containerdSocket: string
  readonly containerdRoot: string
} {
  if (containerdSocket === undefined || containerdRoot === undefined) {
    throw new UserError(`node ${name} is simulated and has no images: start a cluster with --runtime containerd`)
  }
  return { containerdSocket, containerdRoot }
}

/** The last line says what happened, those before it how far things went. */
function reasonOf(error: unknown): string {
  const text = messageOf(error)
  return text.trim().split('\n').at(-1) ?? text
}
