import { readFile } from 'node:fs/promises'
import { configmaps } from '#api/core/v1'
import { silentLogger, systemClock } from '#base'
import { createClient, transportErrorCode } from '#client'
import type { Client } from '#client'
import { createHttpTransport, loadKubeconfig } from '#client/http'
import type { HttpConfig } from '#client/http'
import { isNotFound } from '#machinery'
import { UserError } from '../user-error.ts'
import { kubernetesVersion } from '../version.ts'
import { parseClusterInfo } from './cluster-info.ts'
import { clusterInfo } from './names.ts'

export interface AskedCluster {
  readonly client: Client
  /** `https://host:port`. */
  readonly server: string
  /** In PEM; empty when the kubeconfig names none. */
  readonly authority: string
}

/** Asks the cluster of a kubeconfig, as whom that says. @throws UserError when it can't be, and what the task throws. */
export async function withCluster<T>(kubeconfig: string, task: (cluster: AskedCluster) => Promise<T>): Promise<T> {
  const { config } = await loadKubeconfig({ path: kubeconfig }).catch((cause: unknown) => {
    throw new UserError(`${(cause as Error).message}: name another with --kubeconfig, or the cluster with --name`, {
      cause,
    })
  })
  const transport = createHttpTransport({ timeoutMs: 15_000, ...config }, { clock: systemClock, log: silentLogger })
  try {
    const client = createClient(transport.send, { userAgent: `k8ts/${kubernetesVersion}` })
    return await task({ client, server: config.server, authority: await authorityOf(config) })
  } catch (error) {
    if (transportErrorCode(error) === undefined) throw error
    throw new UserError(`the API server at ${config.server} can't be reached: see that it runs (k8ts status)`, {
      cause: error,
    })
  } finally {
    await transport.close()
  }
}

async function authorityOf({ ca }: HttpConfig): Promise<string> {
  if (!ca) return ''
  return 'pem' in ca ? ca.pem : readFile(ca.file, 'utf8')
}

/** Address by which other machines reach the API server, as the cluster says it. @throws UserError, StatusError */
export async function advertisedServer(client: Client): Promise<string> {
  const found = await client.get(configmaps, clusterInfo).catch((error: unknown) => {
    if (!isNotFound(error)) throw error
    throw new UserError('this cluster lets no machines join: it has to be started by k8ts server', { cause: error })
  })
  return parseClusterInfo(found.data?.['kubeconfig'] ?? '').server
}
