import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path'
import { parse } from 'yaml'
import { messageOf } from '#base'
import type { Kubeconfig, KubeconfigCluster, KubeconfigContext, KubeconfigUser } from './types.ts'

/** Kubeconfig files as one. Of entries with the same name, the first file's counts, and so does its current context. */
export interface MergedKubeconfig {
  readonly clusters: ReadonlyMap<string, KubeconfigCluster>
  readonly users: ReadonlyMap<string, KubeconfigUser>
  readonly contexts: ReadonlyMap<string, KubeconfigContext>
  readonly currentContext: string
}

export interface Environment {
  readonly [name: string]: string | undefined
}

/** Files to read: those of `KUBECONFIG`, else `~/.kube/config`. */
export function kubeconfigPaths(env: Environment): string[] {
  const listed = env['KUBECONFIG']
  if (!listed) return [join(env['HOME'] ?? homedir(), '.kube', 'config')]
  return [...new Set(listed.split(delimiter).filter((path) => path !== ''))]
}

/**
 * Reads files that exist. Paths inside a file are relative to it.
 *
 * @throws Error when a file can't be read or is no kubeconfig.
 */
export async function readKubeconfigs(paths: readonly string[]): Promise<MergedKubeconfig> {
  const clusters = new Map<string, KubeconfigCluster>()
  const users = new Map<string, KubeconfigUser>()
  const contexts = new Map<string, KubeconfigContext>()
  let currentContext = ''
  for (const path of paths) {
    const config = await readKubeconfig(path)
    if (!config) continue
    const folder = dirname(resolve(path))
    for (const { name, cluster } of config.clusters ?? []) setFirst(clusters, name, clusterIn(folder, cluster ?? {}))
    for (const { name, user } of config.users ?? []) setFirst(users, name, userIn(folder, user ?? {}))
    for (const { name, context } of config.contexts ?? []) setFirst(contexts, name, context ?? {})
    if (currentContext === '') currentContext = config['current-context'] ?? ''
  }
  return { clusters, users, contexts, currentContext }
}

async function readKubeconfig(path: string): Promise<Kubeconfig | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new Error(`error loading config file "${path}"`, { cause: error })
  }
  try {
    const config: unknown = parse(text)
    if (config === null) return {}
    if (typeof config !== 'object') throw new Error('it is no mapping')
    return config
  } catch (error) {
    const why = messageOf(error)
    throw new Error(`error loading config file "${path}": ${why}`, { cause: error })
  }
}

function setFirst<V>(map: Map<string, V>, name: string, value: V): void {
  if (!map.has(name)) map.set(name, value)
}

function clusterIn(folder: string, cluster: KubeconfigCluster): KubeconfigCluster {
  return located(folder, cluster, ['certificate-authority'])
}

function userIn(folder: string, user: KubeconfigUser): KubeconfigUser {
  const located_ = located(folder, user, ['client-certificate', 'client-key', 'tokenFile'])
  const command = user.exec?.command
  // A command without a slash is looked for in the path.
  if (!user.exec || !command?.includes('/') || isAbsolute(command)) return located_
  return { ...located_, exec: { ...user.exec, command: join(folder, command) } }
}

function located<T extends object>(folder: string, entry: T, fields: readonly (keyof T)[]): T {
  const result = { ...entry }
  for (const field of fields) {
    const path = entry[field]
    if (typeof path === 'string' && path !== '' && !isAbsolute(path))
      Object.assign(result, { [field]: join(folder, path) })
  }
  return result
}
