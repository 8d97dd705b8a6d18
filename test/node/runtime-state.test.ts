import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { silentLogger } from '#base'
import { unmountBelow } from '../../src/cluster/host/mounts.ts'
import { makeStateFolder } from '../../src/kubelet/host/containerd/state-folder.ts'

const mountOf = (path: string): string | undefined =>
  readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .find((line) => line.split(' ')[1] === path)

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'k8ts-state-'))
  onTestFinished(async () => {
    await unmountBelow(path)
    rmSync(path, { recursive: true })
  })
  return path
}

test.skipIf(process.getuid?.() !== 0)('state of a container runtime is in memory, and made once', async () => {
  const state = join(folder(), 'state')
  await makeStateFolder(state, silentLogger)
  const mounted = mountOf(state)
  expect(mounted).toMatch(/ tmpfs rw,nosuid,nodev,.*mode=711/)
  await makeStateFolder(state, silentLogger)
  expect(mountOf(state)).toBe(mounted)
})

test.skipIf(process.getuid?.() !== 0)('state that is on the disk already stays there', async () => {
  const state = folder()
  writeFileSync(join(state, 'containerd.pid'), '1')
  await makeStateFolder(state, silentLogger)
  expect(readdirSync(state)).toEqual(['containerd.pid'])
  expect(mountOf(state)).toBeUndefined()
})
