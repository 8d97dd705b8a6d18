import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from './files.ts'
import type { LoadedKubeconfig } from './types.ts'
import { hostPort } from '#machinery'

/** Where the kubelet mounts a pod's service account. */
const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount'

export function isInCluster(env: Environment, folder: string = serviceAccount): boolean {
  if (!env['KUBERNETES_SERVICE_HOST'] || !env['KUBERNETES_SERVICE_PORT']) return false
  const token = join(folder, 'token')
  return existsSync(token) && statSync(token).isFile()
}

/**
 * How a pod reaches its own cluster.
 *
 * @throws Error outside of a pod.
 */
export async function inClusterConfig(env: Environment, folder: string = serviceAccount): Promise<LoadedKubeconfig> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env
  if (!host || !port) {
    throw new Error(
      'unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined',
    )
  }
  const token = join(folder, 'token')
  const ca = join(folder, 'ca.crt')
  const named = env['POD_NAMESPACE'] || (await readFile(join(folder, 'namespace'), 'utf8').catch(() => '')).trim()
  return {
    config: {
      server: `https://${hostPort(host, port)}`,
      token: (await readFile(token, 'utf8')).trim(),
      tokenFile: token,
      ...(existsSync(ca) ? { ca: { file: ca } } : {}),
    },
    context: '',
    namespace: named || 'default',
  }
}
