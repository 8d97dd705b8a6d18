import { existsSync } from 'node:fs'
import type { Logger } from '#base'
import { conflistFile, ensurePluginFolder, isPlainPath } from '#network'
import type { NodeLayout } from '../state/layout.ts'
import { UserError } from '../user-error.ts'
import { nodeNetworkNames } from './names.ts'

const machineFolders = ['/opt/cni/bin', '/usr/lib/cni', '/usr/libexec/cni']

/** Whether the node's pods get their links by our own CNI plugin: of folders with odd names its configuration can't tell. */
export const hasLinkPlugin = ({ cniBinDir, podAddressDir }: NodeLayout): boolean =>
  cniBinDir !== undefined && isPlainPath(podAddressDir)

/** Makes sure that there are CNI plugins. @returns their folder. @throws UserError, Error */
export async function preparePlugins(layout: NodeLayout, logger: Logger): Promise<string> {
  const found = machineFolders.find((folder) => existsSync(`${folder}/host-local`))
  if (found === undefined) {
    throw new UserError('there are no CNI plugins: install the package containernetworking-plugins')
  }
  const { cniBinDir: folder } = layout
  if (folder === undefined || !hasLinkPlugin(layout)) return found
  await ensurePluginFolder({
    folder,
    sources: machineFolders,
    configurations: layout.cniConfDir,
    own: conflistFile(nodeNetworkNames.pods),
    logger,
  })
  return folder
}
