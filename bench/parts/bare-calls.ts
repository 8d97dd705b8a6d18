import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sandboxImageName } from '#kubelet/host'
import { createCriRuntime } from '#kubelet/cri'

/** Milliseconds that a container runtime needs for a pod's sandbox and container, each time anew. */
export async function bareCalls(endpoint: string, cgroupParent: string, times: number): Promise<number[]> {
  const runtime = createCriRuntime({ endpoint })
  const logDirectory = await mkdtemp(join(tmpdir(), 'k8ts-bench-logs-'))
  const taken: number[] = []
  try {
    // The first one pays for what is loaded once.
    for (let i = -1; i < times; i++) {
      const metadata = { name: `bare-${i}`, uid: randomUUID(), namespace: 'bench', attempt: 0 }
      const sandboxConfig = {
        metadata,
        hostname: metadata.name,
        logDirectory,
        labels: {},
        annotations: {},
        linux: { cgroupParent, securityContext: {} },
      }
      const begin = performance.now()
      const sandbox = await runtime.runPodSandbox(sandboxConfig, '')
      const container = await runtime.createContainer(
        sandbox,
        {
          metadata: { name: 'pause', attempt: 0 },
          image: { image: sandboxImageName },
          command: [],
          args: [],
          envs: [],
          mounts: [],
          labels: {},
          annotations: {},
          logPath: 'pause.log',
          linux: { resources: {}, securityContext: {} },
        },
        sandboxConfig,
      )
      await runtime.startContainer(container)
      if (i >= 0) taken.push(performance.now() - begin)
      await runtime.stopPodSandbox(sandbox)
      await runtime.removePodSandbox(sandbox)
    }
  } finally {
    runtime.close()
    await rm(logDirectory, { recursive: true, force: true })
  }
  return taken
}
