import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { childrenOf, cpuMsOf, memoryOf, parseSmaps, parseStat } from './processes.ts'

test('parseStat() finds parent and processor time behind names that hold anything, ended children included', () => {
  const fields = ['S', '7', '1', '1', '0', '-1', '0', '0', '0', '0', '0', '120', '30', '5', '5', '20', '0']
  expect(parseStat(`42 (a) b (c) ${fields.join(' ')}`)).toEqual({ parent: 7, cpuMs: 1600 })
})

test('parseSmaps() tells resident and proportional memory in MB', () => {
  const text = 'Rss:   2048 kB\nPss:   1024 kB\nPss_Dirty:  512 kB\nShared_Clean:  4 kB\n'
  expect(parseSmaps(text)).toEqual({ resident: 2, proportional: 1 })
})

test('a process is found among the children of its parent, and has memory and processor time', async () => {
  const child = spawn(process.execPath, ['-e', 'for (let i = 0; i < 2e8; i++); setTimeout(() => {}, 60000)'])
  try {
    const pid = child.pid ?? 0
    const began = Date.now()
    while (cpuMsOf(pid) < 50 && Date.now() - began < 30_000) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(cpuMsOf(pid)).toBeGreaterThanOrEqual(50)
    expect(memoryOf(pid).resident).toBeGreaterThan(memoryOf(pid).proportional)
    expect(childrenOf(process.pid).find((each) => each.pid === pid)?.command).toContain(' -e for ')
  } finally {
    child.kill('SIGKILL')
  }
})

test('a process that has ended takes no processor time', () => {
  expect(cpuMsOf(2 ** 22 + 1)).toBe(0)
})
