import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { mergeKubeconfig } from '#client/http'
import type { ClusterPki, KeyPair } from '#pki'
import { explain } from '../explain.ts'

/** File that `kubectl` reads: the first of `KUBECONFIG`, else `~/.kube/config`. */
export function defaultKubeconfig(environment: { readonly [name: string]: string | undefined } = process.env): string {
  const first = (environment['KUBECONFIG'] ?? '').split(delimiter).find((path) => path !== '')
  return first ?? join(environment['HOME'] ?? homedir(), '.kube', 'config')
}

export interface KubeconfigTarget {
  readonly path: string
  /** Name of the context. */
  readonly context: string
}

/**
 * Puts the administrator's context into kubeconfigs, and again whenever the certificate is renewed.
 *
 * @param server `https://127.0.0.1:6443`.
 * @throws UserError
 */
export async function writeKubeconfigs(
  pki: ClusterPki,
  server: string,
  targets: readonly KubeconfigTarget[],
  onProblem: (error: unknown) => void,
): Promise<void> {
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  const write = async ({ certificate, key }: KeyPair): Promise<void> => {
    for (const { path, context } of targets) {
      await mergeKubeconfig(path, {
        name: context,
        cluster: { server, 'certificate-authority-data': base64(pki.authority.certificate) },
        user: { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) },
      }).catch((error: unknown) => {
        throw explain(error, path)
      })
    }
  }
  await write(pki.admin.current)
  pki.admin.onRenewed((pair) => void write(pair).catch(onProblem))
}
