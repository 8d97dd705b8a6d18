import { access } from 'node:fs/promises'
import { aggregate, quote } from '#machinery'
import type { MergedKubeconfig } from './files.ts'
import type { KubeconfigCluster, KubeconfigUser } from './types.ts'

/**
 * Checks what a context refers to.
 *
 * @throws Error `invalid configuration: ...` that lists everything that is wrong.
 */
export async function validateContext(config: MergedKubeconfig, contextName: string): Promise<void> {
  const context = config.contexts.get(contextName)
  if (contextName !== '' && !context) fail([`context was not found for specified context: ${contextName}`])
  const { user = '', cluster = '' } = context ?? {}
  const clusterProblems = await problemsOfCluster(cluster, config.clusters.get(cluster))
  const problems = [...(await problemsOfUser(user, config.users.get(user) ?? {})), ...clusterProblems]
  if (problems.length === 1 && problems[0] === emptyCluster) {
    fail(['no configuration has been provided, try setting KUBERNETES_MASTER environment variable'])
  }
  if (problems.length > 0) fail(problems)
}

const emptyCluster = 'cluster has no server defined'

function fail(problems: readonly string[]): never {
  throw new Error(`invalid configuration: ${aggregate(problems)}`)
}

async function problemsOfCluster(name: string, cluster: KubeconfigCluster | undefined): Promise<string[]> {
  if (!cluster || Object.keys(cluster).length === 0) return [emptyCluster]
  const problems: string[] = []
  if (!cluster.server) {
    problems.push(name === '' ? 'default cluster has no server defined' : `no server found for cluster ${quote(name)}`)
  }
  const file = cluster['certificate-authority']
  if (file && cluster['certificate-authority-data']) {
    problems.push(
      `certificate-authority-data and certificate-authority are both specified for ${name}. certificate-authority-data will override.`,
    )
  }
  problems.push(...(await unreadable('certificate-authority', file, name)))
  return problems
}

async function problemsOfUser(name: string, user: KubeconfigUser): Promise<string[]> {
  const problems = [...(await problemsOfCertificate(name, user)), ...problemsOfExec(name, user)]
  const methods = [...(user.token ? ['token'] : []), ...(user.username || user.password ? ['basicAuth'] : [])]
  if (methods.length > 1) {
    problems.push(
      `more than one authentication method found for ${name}; found [${methods.join(' ')}], only one is allowed`,
    )
  }
  if ((user['as-uid'] || user['as-groups']?.length || user['as-user-extra']) && !user.as) {
    problems.push(`requesting uid, groups or user-extra for ${name} without impersonating a user`)
  }
  return problems
}

async function problemsOfCertificate(name: string, user: KubeconfigUser): Promise<string[]> {
  const { 'client-certificate': file, 'client-certificate-data': data } = user
  const { 'client-key': keyFile, 'client-key-data': keyData } = user
  if (!file && !data) return []
  const problems: string[] = []
  if (file && data) {
    problems.push(`client-cert-data and client-cert are both specified for ${name}. client-cert-data will override.`)
  }
  if (keyFile && keyData) {
    problems.push(`client-key-data and client-key are both specified for ${name}; client-key-data will override`)
  }
  if (!keyFile && !keyData) {
    problems.push(
      `client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`,
    )
  }
  problems.push(...(await unreadable('client-cert', file, name)), ...(await unreadable('client-key', keyFile, name)))
  return problems
}

const interactiveModes: readonly unknown[] = ['Never', 'IfAvailable', 'Always']

function problemsOfExec(name: string, { exec, 'auth-provider': provider }: KubeconfigUser): string[] {
  if (!exec) return []
  const problems: string[] = []
  const needed = (what: string): string => `${what} must be specified for ${name} to use exec authentication plugin`
  if (provider) problems.push(`authProvider cannot be provided in combination with an exec plugin for ${name}`)
  if (!exec.command) problems.push(needed('command'))
  if (!exec.apiVersion) problems.push(needed('apiVersion'))
  for (const variable of exec.env ?? []) if (!variable.name) problems.push(needed('env variable name'))
  const optional = exec.apiVersion?.endsWith('/v1beta1') === true
  if (!exec.interactiveMode && !optional) problems.push(needed('interactiveMode'))
  if (exec.interactiveMode && !interactiveModes.includes(exec.interactiveMode)) {
    problems.push(`invalid interactiveMode for ${name}: ${quote(exec.interactiveMode)}`)
  }
  return problems
}

async function unreadable(what: string, path: string | undefined, name: string): Promise<string[]> {
  if (!path) return []
  try {
    await access(path)
    return []
  } catch (error) {
    const why =
      error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'no such file or directory' : String(error)
    return [`unable to read ${what} ${path} for ${name} due to open ${path}: ${why}`]
  }
}
