import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCommand } from '#network'
import { mountsBelow, unmountBelow } from '../../src/cluster/host/mounts.ts'

test('what a folder has mounted is unmounted, also while others unmount it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-mounts-'))
  try {
    const names = Array.from({ length: 250 }, (_, index) => join(folder, `${index}`))
    for (const name of names) {
      await mkdir(name)
      await runCommand(['mount', '-t', 'tmpfs', 'none', name])
    }
    expect(mountsBelow(folder)).toHaveLength(250)
    await Promise.all([unmountBelow(folder), unmountBelow(folder), unmountBelow(folder)])
    expect(mountsBelow(folder)).toEqual([])
  } finally {
    await unmountBelow(folder)
    await rm(folder, { recursive: true, force: true })
  }
})

test('what is mounted below a folder that a link leads to is unmounted too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-mounts-'))
  const real = join(folder, 'real')
  try {
    await mkdir(join(real, 'nodes', 'one'), { recursive: true })
    await symlink('real', join(folder, 'link'))
    await runCommand(['mount', '-t', 'tmpfs', 'none', join(real, 'nodes', 'one')])
    await unmountBelow(join(folder, 'link', 'nodes'))
    expect(mountsBelow(real)).toEqual([])
  } finally {
    await unmountBelow(real)
    await rm(folder, { recursive: true, force: true })
  }
})
