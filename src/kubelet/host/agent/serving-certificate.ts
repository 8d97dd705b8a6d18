import { readFile } from 'node:fs/promises'
import type { KubeletConfiguration } from '#kubelet'
import { CertificateAuthority } from '#pki'
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
  const clientCa = config.clientCAFile === '' ? {} : { clientCa: await read(config.clientCAFile) }
  if (config.tlsCertFile === '') return { ...selfSigned(self), ...clientCa }
  const [certificate, key] = await Promise.all([read(config.tlsCertFile), read(config.tlsPrivateKeyFile)])
  return { certificate, key, ...clientCa }
}

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
