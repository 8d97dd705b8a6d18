import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createProcessCgroups } from './processes.ts'
import type { Hierarchy } from './hierarchies.ts'

/** Folders that look like hierarchies: by their names, with the controllers of each. */
function hierarchies(version: 1 | 2, all: { readonly [name: string]: readonly string[] }): Hierarchy[] {
  const root = mkdtempSync(join(tmpdir(), 'cgroups-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  return Object.entries(all).map(([name, controllers]) => {
    mkdirSync(join(root, name))
    return { mountPoint: join(root, name), version, controllers }
  })
}
const read = ({ mountPoint }: Hierarchy, path: string): string => readFileSync(join(mountPoint, path), 'utf8')
const isOfHost = (): Promise<boolean> => Promise.resolve(true)
const score = (): string => readFileSync('/proc/self/oom_score_adj', 'utf8').trim()

test('the agent is moved in every hierarchy, into cgroups that have the CPUs of their parents', async () => {
  const found = hierarchies(1, { devices: ['devices'], cpuset: ['cpuset'], systemd: [] })
  const [devices, cpuset, systemd] = found as [Hierarchy, Hierarchy, Hierarchy]
  writeFileSync(join(cpuset.mountPoint, 'cpuset.cpus'), '0-1\n')
  writeFileSync(join(cpuset.mountPoint, 'cpuset.mems'), '0\n')
  await createProcessCgroups({ hierarchies: found, isOfHost }).keepAgent('/node/agent', Number(score()))
  for (const each of [devices, cpuset, systemd]) expect(read(each, 'node/agent/cgroup.procs')).toBe(String(process.pid))
  expect(read(cpuset, 'node/agent/cpuset.cpus')).toBe('0-1\n')
  expect(read(cpuset, 'node/agent/cpuset.mems')).toBe('0\n')
})

test('a v2 cgroup gets the controllers that its parents have', async () => {
  const [unified] = hierarchies(2, { unified: [] }) as [Hierarchy]
  mkdirSync(join(unified.mountPoint, 'node'))
  for (const path of ['', 'node']) {
    writeFileSync(join(unified.mountPoint, path, 'cgroup.controllers'), 'cpu memory misc\n')
    writeFileSync(join(unified.mountPoint, path, 'cgroup.subtree_control'), '\n')
  }
  await createProcessCgroups({ hierarchies: [unified], isOfHost }).keepAgent('/node/agent', Number(score()))
  expect(read(unified, 'node/agent/cgroup.procs')).toBe(String(process.pid))
  expect(read(unified, 'node/cgroup.subtree_control')).toBe('+cpu +memory')
})

test('what fails is named, and does not keep the score from being set', async () => {
  const [devices] = hierarchies(1, { devices: ['devices'] }) as [Hierarchy]
  writeFileSync(join(devices.mountPoint, 'node'), '')
  const kept = createProcessCgroups({ hierarchies: [devices], isOfHost }).keepAgent('/node/agent', 1001)
  await expect(kept).rejects.toThrow(
    new RegExp(
      `^\\[failed to move PID ${process.pid} \\(in ".*"\\) to "/node/agent": .*, ` +
        `failed to apply oom score 1001 to PID ${process.pid}: .*EINVAL.*\\]$`,
    ),
  )
})

test('processes of the root are moved, but for the first and for those that are none of ours', async () => {
  const [memory, devices] = hierarchies(1, { memory: ['memory'], devices: ['devices'] }) as [Hierarchy, Hierarchy]
  const procs = join(devices.mountPoint, 'cgroup.procs')
  writeFileSync(procs, `1\n${process.pid}\n999999999\n`)
  const kept = createProcessCgroups({ hierarchies: [memory, devices] }).keepOthers('/system')
  await kept
  for (const each of [memory, devices]) expect(read(each, 'system/cgroup.procs')).toBe(String(process.pid))
  writeFileSync(procs, '1\n999999999\n')
  await createProcessCgroups({ hierarchies: [memory, devices] }).keepOthers('/idle')
  expect(existsSync(join(memory.mountPoint, 'idle'))).toBe(false)
})

test('an agent in a container of its own is left where it is', async () => {
  const [devices] = hierarchies(1, { devices: ['devices'] }) as [Hierarchy]
  const isOfHost = (): Promise<boolean> => Promise.resolve(false)
  await createProcessCgroups({ hierarchies: [devices], isOfHost }).keepAgent('/node/agent', 1001)
  expect(existsSync(join(devices.mountPoint, 'node'))).toBe(false)
})
