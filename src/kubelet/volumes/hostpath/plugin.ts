import type { FileKind, VolumeFiles } from '../../seams/volume-files.ts'
import type { VolumePlugin } from '../plugin.ts'

/** A file or folder of the node. */
export const hostPathPlugin: VolumePlugin = {
  name: 'kubernetes.io/host-path',
  supports: ({ hostPath }) => hostPath !== undefined,
  async setUp({ volume, files }) {
    const { path = '', type = '' } = volume.hostPath ?? {}
    if (path.split('/').includes('..')) throw new Error(`invalid HostPath \`${path}\`: must not contain '..'`)
    await checkType(files, path, type)
    return { path, readOnly: false, selinuxRelabel: false }
  },
  tearDown: () => Promise.resolve(),
}

const checks: { readonly [type: string]: readonly [kind: FileKind, name: string] | undefined } = {
  Directory: ['directory', 'a directory'],
  DirectoryOrCreate: ['directory', 'a directory'],
  File: ['file', 'a file'],
  FileOrCreate: ['file', 'a file'],
  Socket: ['socket', 'a socket file'],
  CharDevice: ['character device', 'a character device'],
  BlockDevice: ['block device', 'a block device'],
}

async function checkType(files: VolumeFiles, path: string, type: string): Promise<void> {
  if (type === '') return
  const check = checks[type]
  if (!check) throw new Error(`${type} is an invalid volume type`)
  const kind = await files.kindOf(path)
  if (kind === 'none' && type === 'DirectoryOrCreate') return files.makeFolder(path, 0o755)
  if (kind === 'none' && type === 'FileOrCreate') return files.makeFile(path, 0o644)
  if (kind !== check[0]) throw new Error(`hostPath type check failed: ${path} is not ${check[1]}`)
}
