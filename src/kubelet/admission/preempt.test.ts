import { expect, test } from 'vitest'
import type { Pod, PodSpec } from '#api/core/v1'
import { TestNode } from '../testing/node.ts'
import { podsToPreempt } from './preempt.ts'

const asking = (cpu: string | undefined, more: Partial<PodSpec> = {}): Partial<PodSpec> => ({
  containers: [{ name: 'app', image: 'app:1', ...(cpu === undefined ? {} : { resources: { requests: { cpu } } }) }],
  terminationGracePeriodSeconds: 0,
  ...more,
})
const pod = (name: string, cpu: string | undefined, more: Partial<PodSpec> = {}): Pod => ({
  metadata: { name, namespace: 'ns', uid: name },
  spec: { containers: [], ...asking(cpu, more) },
})
const critical = { priority: 2_000_000_000 }
const chosen = (others: readonly Pod[], quantity: number): readonly string[] | undefined =>
  podsToPreempt(pod('new', '1', critical), others, [{ resource: 'cpu', quantity }])?.map(
    ({ metadata }) => metadata.name ?? '',
  )

test('podsToPreempt() takes as few pods as suffice, the smallest of those that do', () => {
  const others = [pod('a', '1'), pod('b', '2'), pod('c', '4')]
  expect(chosen(others, 500)).toEqual(['a'])
  expect(chosen(others, 1500)).toEqual(['b'])
  expect(chosen(others, 4500)).toEqual(['c', 'a'])
  expect(chosen(others, 7001)).toBeUndefined()
})

test('podsToPreempt() leaves critical pods, and takes guaranteed ones last', () => {
  const guaranteed = pod('g', undefined, {
    containers: [
      { name: 'app', resources: { requests: { cpu: '2', memory: '1Gi' }, limits: { cpu: '2', memory: '1Gi' } } },
    ],
  })
  expect(chosen([guaranteed, pod('b', '2')], 2000)).toEqual(['b'])
  expect(chosen([guaranteed, pod('b', '1')], 2500)).toEqual(['b', 'g'])
  expect(chosen([pod('d', '8', critical)], 100)).toBeUndefined()
})

test('a critical pod gets room from others, who are told why', async () => {
  const node = new TestNode()
  await node.run('small', asking('1'))
  await node.run('large', asking('30'))
  await node.run('refused', asking('20'))
  expect(node.pod('refused').status).toMatchObject({ phase: 'Failed', reason: 'OutOfcpu' })
  await node.run('critical', asking('20', critical))
  await node.settle()
  expect(node.pod('critical').status?.phase).toBe('Running')
  expect(node.pod('small').status?.phase).toBe('Running')
  const { status } = node.pod('large')
  expect(status).toMatchObject({
    phase: 'Failed',
    reason: 'Preempting',
    message: 'Preempted in order to admit critical pod',
  })
  expect(status?.conditions?.find(({ type }) => type === 'DisruptionTarget')).toMatchObject({
    reason: 'TerminationByKubelet',
    message: 'Pod was preempted by Kubelet to accommodate a critical pod.',
  })
  expect(node.events).toContain('Warning Preempting Preempted in order to admit critical pod')
  await node.stop()
})

test('a pod that is preempted and ends well has succeeded', async () => {
  const node = new TestNode({ runtime: { behaviour: () => ({ container: () => ({ stoppedWith: 0 }) }) } })
  await node.run('large', asking('30'))
  await node.run('critical', asking('20', critical))
  await node.settle()
  const { status } = node.pod('large')
  expect([status?.phase, status?.reason, status?.message]).toEqual(['Succeeded', undefined, undefined])
  expect(status?.conditions?.find(({ type }) => type === 'DisruptionTarget')?.reason).toBe('TerminationByKubelet')
  await node.stop()
})
