import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

test('the bench of the API server tells every figure, and leaves nothing behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8ts-bench-test-'))
  try {
    const out = join(folder, 'figures.jsonl')
    const parameters = [
      '--conditions=source',
      '--import',
      'tsx',
      'bench/index.ts',
      'api',
      '--quick',
      '--seconds',
      '0.2',
    ]
    const environment = { ...process.env, TMPDIR: folder }
    const { stdout } = await promisify(execFile)(process.execPath, [...parameters, '--out', out], {
      cwd: root,
      env: environment,
    })
    const figures = (await readFile(out, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly row: string; readonly value: number; readonly failed?: number })
    const rows = [
      'ready',
      'memory.idle',
      'create',
      'get',
      'list',
      'watch.rate',
      'watch.cost',
      'watch.latency',
      'memory.after',
    ]
    expect(figures.map(({ row }) => row)).toEqual(rows.map((row) => `api.${row}`))
    for (const { value, failed } of figures) {
      expect(value).toBeGreaterThan(0)
      expect(failed).toBeUndefined()
    }
    expect(stdout).toContain('GET of a pod, 32 connections')
    expect((await readdir(folder)).filter((name) => name.startsWith('k8ts-bench'))).toEqual([])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
