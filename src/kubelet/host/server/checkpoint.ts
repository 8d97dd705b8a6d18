import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '#base'
import type { Kubelet } from '#kubelet'
import { hasContainer } from './container-logs.ts'
import { Refused, sendJson, type Exchange } from './exchange.ts'
import type { KubeletServerOptions } from './server.ts'

/** POST /checkpoint/{namespace}/{pod}/{container}: writes the state of a running container to an archive (KEP-2008). */
export async function serveCheckpoint(
  kubelet: Kubelet,
  { query, parameters, response }: Exchange,
  options?: Pick<KubeletServerOptions, 'checkpointFolder'>,
): Promise<void> {
  const [namespace = '', podName = '', containerName = ''] = parameters
  const pod = kubelet.workers.byName(namespace, podName)
  if (!pod) throw new Refused(404, 'pod does not exist')
  if (!hasContainer(pod, containerName)) throw new Refused(404, `container ${containerName} does not exist`)
  const timeout = query.getAll('timeout').at(-1) ?? '0'
  if (!/^[+-]?\d+$/.test(timeout)) throw new Refused(404, 'cannot parse value of timeout parameter')
  const folder = options?.checkpointFolder ?? ''
  const time = `${new Date().toISOString().slice(0, 19)}Z`
  const location = join(folder, `checkpoint-${podName}_${namespace}-${containerName}-${time}.tar`)
  try {
    const observed = kubelet.parts.cache.get(pod.metadata.uid ?? '')?.containers
    const found = observed?.find(({ name, state }) => name === containerName && state === 'running')
    if (!found) throw new Error(`container ${containerName} not found`)
    // Memory of containers holds their secrets.
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await kubelet.parts.runtime.checkpointContainer(found.id, location, Number(timeout))
  } catch (error) {
    throw new Refused(500, `checkpointing of ${parameters.join('/')} failed (${messageOf(error)})`)
  }
  sendJson(response, { items: [location] })
}
