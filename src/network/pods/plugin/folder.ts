import { existsSync, readdirSync, readlinkSync, watch } from 'node:fs'
import { chmod, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '#base'
import { isPlainPath } from './configuration.ts'
import { linkPluginScript, linkPluginType } from './script.ts'

export interface PluginFolderOptions {
  /** Made when it is not there. */
  readonly folder: string
  /** Where programs of others lie, and are put while the node runs; of those with one name the first is taken. */
  readonly sources: readonly string[]
  /** Folder of the runtime's CNI configuration. */
  readonly configurations: string
  /** File in it that asks for the plugin of the pod network. */
  readonly own: string
  readonly logger: Logger
}

/**
 * Makes a folder of CNI plugins with that of the pod network, and all of others as links. Runtimes before containerd 2 run
 * `loopback` for each pod beside the network: as long as the pod network is the only one, that does nothing, because the
 * plugin of the pod network has done it.
 */
export async function ensurePluginFolder({
  folder,
  sources,
  configurations,
  own,
  logger,
}: PluginFolderOptions): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const loopback = sources.map((source) => join(source, 'loopback')).find((path) => existsSync(path))
  const programs = new Map<string, string>([[linkPluginType, linkPluginScript]])
  if (loopback !== undefined && isPlainPath(configurations)) {
    programs.set('loopback', loopbackScript({ loopback, configurations, own }))
  }
  for (const [name, text] of programs) await writeProgram(join(folder, name), text)
  const relink = (): Promise<void> => linkAll(folder, sources, new Set(programs.keys()))
  await relink()
  let linked = Promise.resolve()
  const changed = (): void => {
    linked = linked.then(relink).catch((error: unknown) => logger.warn('CNI plugins could not be linked', { error }))
  }
  for (const source of sources.filter((path) => existsSync(path))) {
    follow(source, changed, (error) => logger.warn('CNI plugins that come later will not be seen', { source, error }))
  }
}

/** Looks at a folder as long as the process lives. The kernel limits how many may be looked at. */
function follow(folder: string, changed: () => void, failed: (error: unknown) => void): void {
  try {
    watch(folder, changed).on('error', failed).unref()
  } catch (error) {
    failed(error)
  }
}

/** In one step, for runtimes that are about to start it. */
async function writeProgram(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text)
  await chmod(`${path}.new`, 0o755)
  await rename(`${path}.new`, path)
}

async function linkAll(folder: string, sources: readonly string[], own: ReadonlySet<string>): Promise<void> {
  const wanted = new Map<string, string>()
  for (const source of sources) {
    for (const name of existsSync(source) ? readdirSync(source) : []) {
      if (!own.has(name) && !wanted.has(name)) wanted.set(name, join(source, name))
    }
  }
  for (const name of await readdir(folder)) {
    if (own.has(name)) continue
    if (wanted.get(name) === target(join(folder, name))) wanted.delete(name)
    else await rm(join(folder, name), { force: true })
  }
  for (const [name, path] of wanted) await symlink(path, join(folder, name))
}

function target(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}

const loopbackScript = ({
  loopback,
  configurations,
  own,
}: {
  readonly loopback: string
  readonly configurations: string
  readonly own: string
}): string => String.raw`#!/bin/sh
# The pod network of k8ts brings loopback interfaces up itself: with any other there is the standard plugin. Rewritten at each
# start of the node's agent.
for file in ${configurations}/*.conf ${configurations}/*.conflist ${configurations}/*.json; do
  [ "$file" = ${configurations}/${own} ] || [ ! -e "$file" ] || exec ${loopback}
done
[ -e ${configurations}/${own} ] || exec ${loopback}
case $CNI_COMMAND in
  ADD) ;;
  DEL) exit ;;
  *) exec ${loopback} ;;
esac
read -r config
version=0.3.1
case $config in
  *'"cniVersion":"'*) version=${'$'}{config#*\"cniVersion\":\"}; version=${'$'}{version%%\"*} ;;
esac
family=
case $version in
  0.*) family='"version":"4",' ;;
esac
printf '{"cniVersion":"%s","interfaces":[{"name":"lo","mac":"00:00:00:00:00:00","sandbox":"%s"}],"ips":[{%s"interface":0,"address":"127.0.0.1/8"}],"dns":{}}\n' \
  "$version" "$CNI_NETNS" "$family"
`
