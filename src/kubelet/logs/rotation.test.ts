import { expect, test } from 'vitest'
import { silentLogger } from '#base'
import { simulatedHost } from '../simulated/host.ts'
import { TestNode } from '../testing/node.ts'
import { rotateLogs } from './rotation.ts'

async function rig(reopen: () => Promise<void> = () => Promise.resolve()) {
  const node = new TestNode()
  await node.run('web', {})
  const done: string[] = []
  const sizes = new Map<string, number | undefined>()
  const { files } = simulatedHost({ nodeName: 'n', addresses: [] })
  const [uid = ''] = node.kubelet.parts.cache.uids()
  const path = node.kubelet.parts.cache.get(uid)?.containers[0]?.logPath ?? ''
  node.runtime.reopenContainerLog = () => {
    done.push('reopen')
    return reopen()
  }
  const rotate = (): Promise<void> =>
    rotateLogs({
      clock: node.clock,
      log: silentLogger,
      runtime: node.runtime,
      cache: node.kubelet.parts.cache,
      files: {
        ...files,
        logSize: (asked) => Promise.resolve(sizes.get(asked)),
        setLogAside: (_, suffix) => Promise.resolve(void done.push(`aside ${suffix}`)),
        takeLogBack: (_, suffix) => Promise.resolve(void done.push(`back ${suffix}`)),
        tidyLogs: (_, keep) => Promise.resolve(void done.push(`keep ${keep}`)),
      },
      maxBytes: 1000,
      maxFiles: 5,
    })
  return { node, sizes, path, done, rotate }
}

test('a log that has grown too long is set aside and written anew, those before it are tidied', async () => {
  const { node, sizes, path, done, rotate } = await rig()
  sizes.set(path, 999)
  await rotate()
  expect(done).toEqual([])
  sizes.set(path, 1000)
  await rotate()
  expect(done).toEqual(['keep 3', expect.stringMatching(/^aside \d{8}-\d{6}$/), 'reopen'])
  await node.stop()
})

test('a log whose writer does not begin a new one is taken back', async () => {
  const { node, sizes, path, done, rotate } = await rig(() => Promise.reject(new Error('no')))
  sizes.set(path, 5000)
  await rotate()
  expect(done.map((each) => each.split(' ')[0])).toEqual(['keep', 'aside', 'reopen', 'back'])
  await node.stop()
})

test('a log that is gone is begun anew', async () => {
  const { node, done, rotate } = await rig()
  await rotate()
  expect(done).toEqual(['reopen'])
  await node.stop()
})
