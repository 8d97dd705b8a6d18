import { describe, expect, test } from 'vitest'
import { checkMachine } from './preconditions.ts'
import { missingRequirements, nodeRequirements } from './requirements.ts'

const machine = { platform: 'linux', kernel: '6.1.0-13-amd64', userId: 0, hasCgroups: true }

describe('checkMachine()', () => {
  test('is content with a current Linux and root', () => {
    expect(() => checkMachine(machine)).not.toThrow()
    expect(() => checkMachine({ ...machine, kernel: '4.19.0' })).not.toThrow()
    expect(() => checkMachine({ ...machine, kernel: '10.0' })).not.toThrow()
  })

  test.each([
    [{ platform: 'darwin' }, 'containers need Linux, this machine runs darwin: start with --runtime simulated'],
    [
      { kernel: '4.18.0-553' },
      'kernel 4.18.0-553 is not supported: use Linux 4.19 or newer, or start with --runtime simulated',
    ],
    [
      { userId: 1000 },
      'containers and networks need root: start as root (sudo), or with --runtime simulated, which does without',
    ],
    [
      { hasCgroups: false },
      'no cgroups are mounted at /sys/fs/cgroup: mount them (mount -t cgroup2 none /sys/fs/cgroup), or start with --runtime simulated',
    ],
  ])('%j is refused with the remedy', (facts, message) => {
    expect(() => checkMachine({ ...machine, ...facts })).toThrow(expect.objectContaining({ message, exitCode: 1 }))
  })
})

describe('missingRequirements()', () => {
  test('finds programs on the path and in the usual folders', () => {
    const files = new Set(['/usr/sbin/nft', '/odd/ip', '/usr/lib/cni/bridge'])
    const missing = missingRequirements(nodeRequirements, '/odd:', (file) => files.has(file))
    expect(missing.map(({ debianPackage }) => debianPackage)).toEqual([
      'containerd',
      'runc',
      'conntrack',
      'mount',
      'util-linux',
    ])
  })

  test('is content with plugins in any of their folders', () => {
    for (const file of ['/opt/cni/bin/bridge', '/usr/libexec/cni/bridge']) {
      const missing = missingRequirements(nodeRequirements, '', (name) => name === file)
      expect(missing.map(({ debianPackage }) => debianPackage)).not.toContain('containernetworking-plugins')
    }
  })
})
