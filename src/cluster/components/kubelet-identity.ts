import { join } from 'node:path'
import { silentLogger, systemClock } from '#base'
import type { Clock } from '#base'
import { createClient } from '#client'
import { changeFile, createHttpTransport, loadKubeconfig } from '#client/http'
import type { HttpConfig } from '#client/http'
import { readIfExists } from '#pki'
import { requestCertificate } from '../node/certificate-request.ts'
import { kubeletCertificate, readPair, writePair } from '../node/certificates.ts'
import { validUntil } from '../node/state.ts'
import { standardLogger } from '../log.ts'
import type { LogSettings } from '../log.ts'
import { UserError } from '../user-error.ts'
import { kubernetesVersion } from '../version.ts'
import { pemOf } from './remote.ts'

export interface KubeletBootstrap extends LogSettings {
  /** File that is written once there is a certificate, and read from then on. */
  readonly kubeconfig: string
  /** Kubeconfig that may ask for a certificate and nothing else. */
  readonly bootstrapKubeconfig: string
  /** Folder of certificates. */
  readonly certificateDir: string
  readonly nodeName: string
  readonly signal: AbortSignal
}

/** Milliseconds that the cluster gets to sign. */
const signingMs = 15 * 60_000

/** Where the certificate is that a kubelet shows the API server, without its ending. */
export const clientCertificatePath = (certificateDir: string): string => join(certificateDir, 'kubelet-client')

/**
 * Gives a kubelet its identity if it has none: asks for a certificate by the kubeconfig that may, and writes the one that
 * it works by (TLS bootstrapping).
 *
 * @throws UserError
 */
export async function bootstrapKubelet(bootstrap: KubeletBootstrap): Promise<void> {
  const { kubeconfig, bootstrapKubeconfig, certificateDir, nodeName, signal } = bootstrap
  const clock = systemClock
  if (await isUsable(kubeconfig, clientCertificatePath(certificateDir), clock)) return
  const logger = standardLogger(bootstrap)
  const { config } = await loadKubeconfig({ path: bootstrapKubeconfig }).catch((cause: unknown) => {
    throw new UserError(`${(cause as Error).message}: check --bootstrap-kubeconfig`, { cause })
  })
  logger.info('Asking for a certificate', { node: nodeName, server: config.server })
  const transport = createHttpTransport(config, { clock, log: silentLogger })
  try {
    const client = createClient(transport.send, { userAgent: `kubelet/${kubernetesVersion}` })
    const options = { clock, signal, timeoutMs: signingMs }
    await writePair(
      clientCertificatePath(certificateDir),
      await requestCertificate(client, kubeletCertificate(nodeName), options),
    )
  } finally {
    await transport.close()
  }
  const text = await kubeconfigText(config, clientCertificatePath(certificateDir))
  await changeFile(kubeconfig, () => text)
}

/** A kubeconfig whose certificate has expired is none; one of another's making is taken as it is. */
async function isUsable(kubeconfig: string, path: string, clock: Clock): Promise<boolean> {
  const text = await readIfExists(kubeconfig)
  if (text === undefined) return false
  if (!text.includes(`${path}.crt`)) return true
  return (await readPair(path)) !== undefined && (await validUntil(path)) > clock.now()
}

async function kubeconfigText({ server, ca, serverName }: HttpConfig, path: string): Promise<string> {
  const cluster = {
    server,
    ...(ca ? { 'certificate-authority-data': Buffer.from(await pemOf(ca)).toString('base64') } : {}),
    ...(serverName === undefined ? {} : { 'tls-server-name': serverName }),
  }
  return `${JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'default-cluster', cluster }],
    users: [{ name: 'default-auth', user: { 'client-certificate': `${path}.crt`, 'client-key': `${path}.key` } }],
    contexts: [{ name: 'default-context', context: { cluster: 'default-cluster', user: 'default-auth' } }],
    'current-context': 'default-context',
  })}\n`
}
