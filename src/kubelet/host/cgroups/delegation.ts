import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** v2 controllers that pods are given. */
const delegated = ['cpuset', 'cpu', 'io', 'memory', 'hugetlb', 'pids']

/** Has a v2 cgroup's parents pass down their controllers, from the root on. */
export async function passDown(root: string, path: string): Promise<void> {
  const parents: string[] = []
  for (let parent = dirname(path); parent !== '/'; parent = dirname(parent)) parents.unshift(parent)
  for (const parent of ['/', ...parents]) await passDownFrom(join(root, parent))
}

async function passDownFrom(cgroup: string): Promise<void> {
  const [available, passed] = await Promise.all([
    readFile(join(cgroup, 'cgroup.controllers'), 'utf8'),
    readFile(join(cgroup, 'cgroup.subtree_control'), 'utf8'),
  ])
  const has = new Set(passed.trim().split(' '))
  const missing = delegated.filter((name) => available.split(/\s/).includes(name) && !has.has(name))
  if (missing.length === 0) return
  await writeFile(join(cgroup, 'cgroup.subtree_control'), missing.map((name) => `+${name}`).join(' '))
}
