import { describe, expect, test } from 'vitest'
import { clusterLayout } from './layout.ts'

describe('clusterLayout()', () => {
  test('takes the folders of the system for root', () => {
    const { dataDir, runDir, node } = clusterLayout({ name: 'one', userId: 0 })
    expect([dataDir, runDir]).toEqual(['/var/lib/k8ts/one', '/run/k8ts/one'])
    expect(node('two')).toMatchObject({
      containerdRoot: '/var/lib/k8ts/one/nodes/two/containerd',
      containerdState: '/run/k8ts/one/two/containerd',
    })
  })

  test("takes the user's own folders for everybody else", () => {
    const environment = { XDG_STATE_HOME: '/state', XDG_RUNTIME_DIR: '/runtime' }
    const { dataDir, runDir } = clusterLayout({ name: 'one', userId: 1000, environment })
    expect([dataDir, runDir]).toEqual(['/state/k8ts/one', '/runtime/k8ts/one'])
    expect(clusterLayout({ name: 'one', userId: 1000, environment: {} }).runDir).toMatch(
      /\/\.local\/state\/k8ts\/run\/one$/,
    )
  })

  test('puts data where it is told to, and what does not last where it belongs', () => {
    const { storeDir, lockFile } = clusterLayout({ name: 'one', dataDir: '/data', userId: 0 })
    expect([storeDir, lockFile]).toEqual(['/data/store', '/run/k8ts/one/lock'])
  })

  test.each(['', 'A', 'a/b', '..', '-a', 'a-', '1a', 'a'.repeat(21)])('refuses the name %j', (name) => {
    expect(() => clusterLayout({ name, userId: 0 })).toThrow(/^cluster name .* is not usable: take at most 20/)
  })

  test('leaves room for sockets in paths of the longest names', () => {
    const { node } = clusterLayout({ name: 'a'.repeat(20), userId: 0 })
    expect(`${node('b'.repeat(26)).containerdState}/containerd.sock.ttrpc`.length).toBeLessThan(107)
  })
})
