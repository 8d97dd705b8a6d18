import { mkdir, statfs } from 'node:fs/promises'

/** Type of an overlay file system, as `statfs` gives it. */
const overlay = 0x794c7630

/** How containerd keeps layers in a folder. An overlay can't lie on an overlay: inside of a container, layers are copied. */
export async function snapshotterFor(root: string): Promise<'overlayfs' | 'native'> {
  await mkdir(root, { recursive: true, mode: 0o711 })
  return (await statfs(root)).type === overlay ? 'native' : 'overlayfs'
}
