import { rm } from 'node:fs/promises'
import type { Containerd, NodeAgent } from '#kubelet/host'
import { processesWithParameter } from '../host/find-processes.ts'
import { endProcess } from '../host/processes.ts'
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
    // Shims that lost their container while many ended at once are left without anybody to end them.
    const shims = processesWithParameter((parameter) => parameter === containerd.socket)
    await Promise.all(shims.map((shim) => endProcess(shim, 1000)))
    await rm(layout.podAddressDir, { recursive: true, force: true })
  }
}
