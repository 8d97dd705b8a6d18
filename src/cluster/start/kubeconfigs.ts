import { homedir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { messageOf } from '#base'
import { formatKubeconfig, mergeKubeconfig, newKubeconfig } from '#client/http'
import type { KubeconfigEntry } from '#client/http'
import { readIfExists, writeFileAtomically } from '#pki'
import type { ClusterPki, KeyPair } from '#pki'
import { explain } from '../explain.ts'
import type { ClusterLayout } from '../state/layout.ts'
import { UserError } from '../user-error.ts'

/** File that `kubectl` reads: the first of `KUBECONFIG`, else `~/.kube/config`. */
export function defaultKubeconfig(environment: { readonly [name: string]: string | undefined } = process.env): string {
  const first = (environment['KUBECONFIG'] ?? '').split(delimiter).find((path) => path !== '')
  return resolve(first ?? join(environment['HOME'] ?? homedir(), '.kube', 'config'))
}

export interface KubeconfigTargets {
  /** `https://127.0.0.1:6443`. */
  readonly server: string
  /** Name of the context. */
  readonly context: string
  /** File that has this cluster alone; written anew, whatever is in it. */
  readonly own: string
  /** File of the user that gets the context beside what is in it. */
  readonly users?: string
}

/**
 * Puts the administrator's context into kubeconfigs, and again whenever the certificate is renewed.
 *
 * @throws UserError
 */
export async function writeKubeconfigs(
  pki: ClusterPki,
  { server, context, own, users }: KubeconfigTargets,
  onProblem: (error: unknown) => void,
): Promise<void> {
  const write = async (pair: KeyPair): Promise<void> => {
    const entry = { name: context, ...entryOf(pki, server, pair) }
    await writeFileAtomically(own, newKubeconfig(entry), { mode: secretMode, durable: true }).catch(
      (error: unknown) => {
        throw explain(error, own)
      },
    )
    if (users === undefined) return
    await mergeKubeconfig(users, entry).catch((error: unknown) => {
      throw explainKubeconfig(error, users)
    })
  }
  await write(pki.admin.current)
  pki.admin.onRenewed((pair) => void write(pair).catch(onProblem))
}

const secretMode = 0o600

/** Whatever is wrong with a kubeconfig, its owner can put it right. */
function explainKubeconfig(error: unknown, path: string): UserError {
  const told = explain(error, path, 'file with --kubeconfig')
  if (told instanceof UserError) return told
  const [reason = ''] = messageOf(error).split('\n')
  const message = `kubeconfig ${path} can't be written (${reason}): put it right, or take another file with --kubeconfig`
  return new UserError(message, { cause: error })
}

/** A kubeconfig with the administrator's certificate. */
export const kubeconfigText = (pki: ClusterPki, server: string, context: string): string =>
  formatKubeconfig({ name: context, ...entryOf(pki, server, pki.admin.current) })

function entryOf(pki: ClusterPki, server: string, { certificate, key }: KeyPair): Omit<KubeconfigEntry, 'name'> {
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  return {
    cluster: { server, 'certificate-authority-data': base64(pki.authority.certificate) },
    user: { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) },
  }
}

/** The kubeconfig that has a cluster alone. @throws UserError when the cluster was never started. */
export async function adminKubeconfig({ name, adminKubeconfig: file }: ClusterLayout): Promise<string> {
  const text = await readIfExists(file).catch((error: unknown) => {
    throw explain(error, file)
  })
  if (text === undefined) throw new UserError(`cluster ${name} does not exist: start it with k8ts up --name ${name}`)
  return text
}
