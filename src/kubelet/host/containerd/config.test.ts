import { expect, test } from 'vitest'
import { containerdToml } from './config.ts'

const config = {
  root: '/root',
  state: '/state',
  sandboxImage: 'pause',
  cniConfDir: '/conf',
  cniBinDir: '/bin',
  cgroupDriver: 'cgroupfs',
  snapshotter: 'native',
  lowLevelRuntime: 'runc',
} as const

test('images are unpacked for the snapshotter that containers use, whichever service does it', () => {
  const text = containerdToml(config, () => false)
  expect(text.match(/^ *snapshotter = "native"$/gm)).toHaveLength(2)
  expect(text).toMatch(
    /\[\[plugins\."io\.containerd\.transfer\.v1\.local"\.unpack_config\]\]\n *platform = "linux\/\w+"/,
  )
})

test('devices are given by their CDI names, where containerd can', () => {
  expect(containerdToml(config, () => false)).toMatch(/\.cri"\]\n(?: {2}\w.*\n)* {2}enable_cdi = true\n/)
})

test('runtimes are told of where they are installed', () => {
  expect(containerdToml(config, () => false)).not.toContain('runtimes.crun]')
  expect(containerdToml(config, () => true)).toContain('runtimes.crun]')
})

test('loopback interfaces of pods need no program, where containerd can do without', () => {
  expect(containerdToml(config, () => false)).toMatch(/\.cni\]\n(?: {4}.*\n)* {4}use_internal_loopback = true\n/)
})

test('low-level runtimes keep what they know of containers in the folder that goes with the node', () => {
  expect(containerdToml(config, () => true).match(/^ *Root = .*$/gm)).toEqual(
    Array(2).fill('        Root = "/state/runc"'),
  )
})
