import { spawn } from 'node:child_process'
import { defer } from '#base'

/** A command that could not be run, or ended with another code than 0. */
export class CommandError extends Error {
  /** Exit code; absent when the command did not run or was killed. */
  readonly code: number | undefined
  readonly stderr: string

  constructor(message: string, code: number | undefined, stderr: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'CommandError'
    this.code = code
    this.stderr = stderr
  }
}

export interface CommandOptions {
  /** What the command reads; nothing when absent. */
  readonly input?: string | Iterable<string>
}

/**
 * Runs a command to its end.
 *
 * @param words program and arguments; no shell looks at them.
 * @returns what it wrote to its standard output.
 * @throws CommandError
 */
export function runCommand(words: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { promise, resolve, reject } = defer<string>()
  const [program = '', ...args] = words
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const output: Buffer[] = []
  let complaint = ''
  child.stdout.on('data', (data: Buffer) => output.push(data))
  child.stderr.on('data', (data: Buffer) => (complaint = `${complaint}${data.toString()}`.slice(0, 4000)))
  child.on('error', (cause) => {
    reject(new CommandError(`failed to run ${program}: ${cause.message}`, undefined, '', { cause }))
  })
  child.on('close', (code, signal) => {
    if (code === 0) return resolve(Buffer.concat(output).toString())
    const what = words.slice(0, 6).join(' ')
    const stderr = complaint.trim()
    reject(new CommandError(`"${what}" ended with ${code ?? signal}: ${stderr}`, code ?? undefined, stderr))
  })
  // A command that ends before it has read everything says why by its exit code.
  child.stdin.on('error', () => {})
  const { input = '' } = options
  if (typeof input === 'string') child.stdin.end(input)
  else {
    const parts = input[Symbol.iterator]()
    const write = (): void => {
      for (let part = parts.next(); ; part = parts.next()) {
        if (part.done === true) return void child.stdin.end()
        if (!child.stdin.write(part.value)) return void child.stdin.once('drain', write)
      }
    }
    write()
  }
  return promise
}
