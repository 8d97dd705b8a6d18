import { describe, expect, test } from 'vitest'
import { aborted, silentLogger } from '#base'
import type { Component } from '#base'
import { ComponentGroup } from './components.ts'

const recording = (name: string, log: string[]): Component => ({
  name,
  async start(signal) {
    log.push(`${name} starts`)
    await aborted(signal).promise
    log.push(`${name} stops`)
  },
})

describe('ComponentGroup', () => {
  test('stops what was started last before what it may lean on', async () => {
    const log: string[] = []
    const group = new ComponentGroup(silentLogger)
    group.start(recording('server', log))
    group.start(recording('controllers', log), recording('scheduler', log))
    await group.stop()
    expect(log).toEqual([
      'server starts',
      'controllers starts',
      'scheduler starts',
      'controllers stops',
      'scheduler stops',
      'server stops',
    ])
  })

  test('tells of a component that fails, and of one that ends by itself', async () => {
    for (const [end, message] of [
      [async () => Promise.reject(new Error('disk gone')), 'disk gone'],
      [async () => undefined, 'odd ended by itself'],
    ] as const) {
      const group = new ComponentGroup(silentLogger)
      group.start({ name: 'odd', start: end })
      await expect(group.failed).rejects.toThrow(message)
    }
  })
})
