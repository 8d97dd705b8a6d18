import { rm } from 'node:fs/promises'
import type { Containerd, NodeAgent } from '#kubelet/host'
import type { NodePreparation } from './messages.ts'

/** Seconds that containers get to end by themselves. */
const graceSeconds = 3

/** Stops all pods, unmounts their volumes and ends the container runtime. Images and the node's data stay. */
export async function stopNode(
  kubelet: NodeAgent | undefined,
  containerd: Containerd,
  { layout }: NodePreparation,
): Promise<void> {
  try {
    await kubelet?.endPods(graceSeconds)
  } finally {
    await containerd.stop()
    await rm(layout.podAddressDir, { recursive: true, force: true })
  }
}
