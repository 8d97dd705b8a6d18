import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCommand } from '#network'
import { buildImage, recipes } from '../../images/index.ts'
import { faults, outageSeconds } from './faults.ts'
import { scenarios } from './scenarios.ts'

async function whatIsMissing(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'needs root'
  if (!existsSync('/usr/lib/cni/ptp')) return 'needs CNI plugins in /usr/lib/cni'
  try {
    await runCommand(['containerd', '--version'])
    await runCommand(['runc', '--version'])
    await runCommand(['unshare', '--net', 'true'])
    await runCommand(['curl', '--version'])
    await buildImage(recipes.busybox)
    return undefined
  } catch (error) {
    return String(error)
  }
}

/** Milliseconds that a sentence may take: what it needs, and as long as the API is kept away. */
const patienceMs = 180_000 + outageSeconds * 1000

const missing = await whatIsMissing()
if (missing !== undefined) console.warn(`tests of the node agent do not run here: ${missing}`)

interface Answer {
  readonly started?: true
  readonly done?: string
  readonly failed?: string
}

describe.skipIf(missing !== undefined)('node agent with containerd', () => {
  // Paths of sockets are short.
  const folder = mkdtempSync(join(tmpdir(), 'k8n-'))
  let child: ChildProcess
  const answers: Answer[] = []
  let heard = (): void => {}

  const next = async (): Promise<Answer> => {
    while (answers.length === 0) await new Promise<void>((resolve) => (heard = resolve))
    return answers.shift() ?? { failed: 'no answer' }
  }

  beforeAll(async () => {
    const program = join(import.meta.dirname, 'program.ts')
    const node = [process.execPath, '--conditions=source', '--import', 'tsx', program, folder]
    child = spawn('unshare', ['--net', '--', ...node], { stdio: ['pipe', 'pipe', 'inherit'] })
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      answers.push(JSON.parse(line) as Answer)
      heard()
    })
    child.on('close', () => {
      answers.push({ failed: 'the node has ended' })
      heard()
    })
    expect(await next()).toEqual({ started: true })
  })

  afterAll(async () => {
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.stdin?.end()
    await ended
    rmSync(folder, { recursive: true, force: true })
  })

  for (const sentence of Object.keys({ ...scenarios, ...faults })) {
    test(
      sentence,
      async () => {
        child.stdin?.write(`${sentence}\n`)
        expect(await next()).toEqual({ done: sentence })
      },
      patienceMs,
    )
  }
})
