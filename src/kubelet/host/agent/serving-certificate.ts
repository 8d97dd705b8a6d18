import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Logger } from '#base'
import type { KubeletConfiguration } from '#kubelet'
import { CertificateAuthority, watchFile } from '#pki'
import type { ServerTls } from '../server/server.ts'

const yearMs = 365 * 24 * 3_600_000

/**
 * How the agent's server shows itself: with the configured certificate, or one that it signs itself.
 *
 * @throws Error when a configured file can't be read.
 */
export async function servingTls(
  config: KubeletConfiguration,
  self: { readonly names: readonly string[]; readonly addresses: readonly string[]; readonly now: number },
): Promise<ServerTls> {
  const files = await configured(config)
  const { certificate, key } = files
  return certificate === undefined || key === undefined
    ? { ...selfSigned(self), ...files }
    : { ...files, certificate, key }
}

export interface FollowedTls {
  readonly config: KubeletConfiguration
  /** What the server shows now. */
  readonly shown: () => ServerTls
  /** @throws Error for what can't be shown. */
  readonly show: (tls: ServerTls) => void
  readonly log: Logger
  readonly signal: AbortSignal
}

/** Has the server show what configured files say as they change; what can't be used leaves it as it is. */
export function followServingTls({ config, shown, show, log, signal }: FollowedTls): void {
  const { clientCAFile, tlsCertFile, tlsPrivateKeyFile } = config
  const files = [clientCAFile, ...(tlsCertFile === '' ? [] : [tlsCertFile, tlsPrivateKeyFile])]
  const reload = async (): Promise<void> => {
    try {
      const before = shown()
      const next = { ...before, ...(await configured(config)) }
      if (isSame(before, next)) return
      const { clientCa } = next
      const authority = clientCa === undefined ? {} : { clientAuthority: new X509Certificate(clientCa).subject }
      show(next)
      log.info('The server has other certificates from now on', authority)
    } catch (error) {
      log.error('Changed certificates of the server can not be used', { error })
    }
  }
  for (const path of files) if (path !== '') watchFile(path, reload, signal)
}

/** What files say of it. */
async function configured({
  clientCAFile,
  tlsCertFile,
  tlsPrivateKeyFile,
}: KubeletConfiguration): Promise<Partial<ServerTls>> {
  const clientCa = clientCAFile === '' ? {} : { clientCa: await read(clientCAFile) }
  if (tlsCertFile === '') return clientCa
  const [certificate, key] = await Promise.all([read(tlsCertFile), read(tlsPrivateKeyFile)])
  return { certificate, key, ...clientCa }
}

const isSame = (a: ServerTls, b: ServerTls): boolean =>
  a.certificate === b.certificate && a.key === b.key && a.clientCa === b.clientCa

function selfSigned(self: {
  readonly names: readonly string[]
  readonly addresses: readonly string[]
  readonly now: number
}): Pick<ServerTls, 'certificate' | 'key'> {
  const { names, addresses, now } = self
  const commonName = `${names[0] ?? 'node'}@${Math.floor(now / 1000)}`
  const authority = CertificateAuthority.create(`${commonName}-ca`, now, yearMs)
  const pair = new CertificateAuthority(authority).issue({
    subject: { commonName },
    names: { dnsNames: [...names], ipAddresses: [...addresses] },
    usages: ['digital signature', 'key encipherment', 'server auth'],
    now,
    lifetimeMs: yearMs,
  })
  return { certificate: `${pair.certificate}${authority.certificate}`, key: pair.key }
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new Error(`read certificate ${path}: ${(error as Error).message}`, { cause: error })
  }
}
