import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { RunProgram } from '#kubelet'
import { signalProcess } from '../processes.ts'

/** Programs of a folder, each started anew for what it is asked. */
export function createProgramRunner(folder: string): RunProgram {
  return ({ name, args, env, input, timeoutMs }) =>
    new Promise((resolve, reject) => {
      const given = Object.fromEntries(env.map((variable) => [variable.name, variable.value]))
      // A group of its own, so that what it has started ends with it.
      const options = { env: { ...process.env, ...given }, stdio: 'pipe', detached: true } as const
      const child = spawn(join(folder, name), args, options)
      const output: Buffer[] = []
      const complaints: Buffer[] = []
      let isLate = false
      const timer = setTimeout(() => {
        isLate = true
        if (child.pid !== undefined) signalProcess(-child.pid, 'SIGKILL')
      }, timeoutMs)
      const fail = (why: string): void => reject(new Error(`${why}: ${Buffer.concat(complaints).toString('utf8')}`))
      child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
      child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk))
      // A program may end before it has read what it was asked.
      child.stdin.on('error', () => {})
      child.stdin.end(input)
      child.on('error', (error) => {
        clearTimeout(timer)
        fail(error.message)
      })
      child.on('close', (code, signal) => {
        clearTimeout(timer)
        if (isLate) fail('context deadline exceeded')
        else if (signal !== null) fail(`signal: ${signal}`)
        else if (code !== 0) fail(`exit status ${code}`)
        else resolve(Buffer.concat(output).toString('utf8'))
      })
    })
}
