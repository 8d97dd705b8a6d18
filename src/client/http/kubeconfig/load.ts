import type { ExecCluster, ExecConfig, HttpConfig, PemSource } from '../config.ts'
import { kubeconfigPaths, readKubeconfigs } from './files.ts'
import type { Environment, MergedKubeconfig } from './files.ts'
import { inClusterConfig, isInCluster } from './in-cluster.ts'
import type { KubeconfigCluster, KubeconfigExec, KubeconfigUser, LoadedKubeconfig } from './types.ts'
import { validateContext } from './validate.ts'

export interface LoadKubeconfigOptions {
  /** This file and no other. */
  readonly path?: string
  /** The context to use; the current one when absent. */
  readonly context?: string
  /** `process.env` when absent. */
  readonly env?: Environment
}

/**
 * Reads how to reach a cluster as `kubectl` does: a given file, the files of `KUBECONFIG`, `~/.kube/config`; in a pod that
 * has none of these, its service account.
 *
 * @throws Error when there is no such file or context, or the context can't be used.
 */
export async function loadKubeconfig(options: LoadKubeconfigOptions = {}): Promise<LoadedKubeconfig> {
  const { path, env = process.env } = options
  const merged = await readKubeconfigs(path === undefined ? kubeconfigPaths(env) : [path])
  const empty = merged.clusters.size === 0 && merged.contexts.size === 0
  if (path !== undefined && empty) throw new Error(`kubeconfig ${JSON.stringify(path)} does not exist or is empty`)
  if (empty && options.context === undefined && isInCluster(env)) return inClusterConfig(env)
  const context = options.context ?? merged.currentContext
  if (options.context !== undefined && !merged.contexts.has(context)) {
    throw new Error(`context ${JSON.stringify(context)} does not exist`)
  }
  await validateContext(merged, context)
  return { config: configOf(merged, context), context, namespace: merged.contexts.get(context)?.namespace || 'default' }
}

function configOf(merged: MergedKubeconfig, contextName: string): HttpConfig {
  const context = merged.contexts.get(contextName)
  const cluster = merged.clusters.get(context?.cluster ?? '') ?? {}
  const user = merged.users.get(context?.user ?? '') ?? {}
  const server = serverUrl(cluster.server ?? '')
  return {
    server,
    ...(cluster['proxy-url'] ? { proxyUrl: cluster['proxy-url'] } : {}),
    // Credentials are not shown on a connection that anybody can read.
    ...(server.startsWith('https:') ? { ...trustOf(cluster), ...identityOf(user, cluster) } : {}),
    ...(user.as
      ? {
          impersonate: {
            user: user.as,
            ...(user['as-uid'] ? { uid: user['as-uid'] } : {}),
            ...(user['as-groups'] ? { groups: user['as-groups'] } : {}),
            ...(user['as-user-extra'] ? { extra: user['as-user-extra'] } : {}),
          },
        }
      : {}),
  }
}

/** A host without a scheme is spoken to in the clear, as `kubectl` does. */
function serverUrl(server: string): string {
  return /^[a-z]+:\/\//.test(server) ? server : `http://${server}`
}

function trustOf(cluster: KubeconfigCluster): Partial<HttpConfig> {
  const ca = pemOf(cluster['certificate-authority-data'], cluster['certificate-authority'])
  return {
    ...(ca ? { ca } : {}),
    ...(cluster['tls-server-name'] ? { serverName: cluster['tls-server-name'] } : {}),
    ...(cluster['insecure-skip-tls-verify'] ? { insecureSkipVerify: true } : {}),
  }
}

function identityOf(user: KubeconfigUser, cluster: KubeconfigCluster): Partial<HttpConfig> {
  const clientCertificate = pemOf(user['client-certificate-data'], user['client-certificate'])
  const clientKey = pemOf(user['client-key-data'], user['client-key'])
  return {
    ...(clientCertificate ? { clientCertificate } : {}),
    ...(clientKey ? { clientKey } : {}),
    ...(user.token ? { token: user.token } : {}),
    ...(user.tokenFile ? { tokenFile: user.tokenFile } : {}),
    ...(user.username ? { username: user.username } : {}),
    ...(user.password ? { password: user.password } : {}),
    ...(user.exec ? { exec: execOf(user.exec, cluster) } : {}),
  }
}

function pemOf(data: string | undefined, file: string | undefined): PemSource | undefined {
  if (data) return { pem: Buffer.from(data, 'base64').toString('utf8') }
  return file ? { file } : undefined
}

function execOf(exec: KubeconfigExec, cluster: KubeconfigCluster): ExecConfig {
  const { command = '', apiVersion = '', args, env, installHint, provideClusterInfo } = exec
  return {
    command,
    apiVersion,
    args: args ?? [],
    env: env ?? [],
    interactiveMode: exec.interactiveMode ?? 'IfAvailable',
    ...(installHint ? { installHint: printable(installHint) } : {}),
    ...(provideClusterInfo ? { provideClusterInfo: true, cluster: execCluster(cluster) } : {}),
  }
}

function execCluster(cluster: KubeconfigCluster): ExecCluster {
  const extension = cluster.extensions?.find(({ name }) => name === 'client.authentication.k8s.io/exec')
  return {
    server: cluster.server ?? '',
    ...(cluster['tls-server-name'] ? { 'tls-server-name': cluster['tls-server-name'] } : {}),
    ...(cluster['insecure-skip-tls-verify'] ? { 'insecure-skip-tls-verify': true } : {}),
    ...(cluster['certificate-authority-data']
      ? { 'certificate-authority-data': cluster['certificate-authority-data'] }
      : {}),
    ...(cluster['proxy-url'] ? { 'proxy-url': cluster['proxy-url'] } : {}),
    ...(cluster['disable-compression'] ? { 'disable-compression': true } : {}),
    ...(extension ? { config: extension.extension } : {}),
  }
}

/** Text from a file that goes to a terminal must not steer it. */
function printable(text: string): string {
  return text.replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Z}\t-\r]/gu, (character) => {
    const point = character.codePointAt(0) ?? 0
    return `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
  })
}
