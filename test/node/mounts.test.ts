import { mkdir, mkdtemp, rm } from 'node:fs/promises'
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
