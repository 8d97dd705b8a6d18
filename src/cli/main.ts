#!/usr/bin/env node
import { delimiter } from 'node:path'
import type { Terminal } from './command.ts'
import { commands } from './registry.ts'
import { runCommandLine } from './run.ts'
import { tuneEngine } from './system/engine.ts'

/** Programs of the system lie where the path of a plain login may not look; who starts us may have no path at all. */
const systemFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin']

process.exitCode = await main()

async function main(): Promise<number> {
  tuneEngine(process.argv[2])
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  process.env['PATH'] = [...path, ...systemFolders.filter((folder) => !path.includes(folder))].join(delimiter)
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(130)
      stop.abort()
    })
  }
  // A cluster outlives who reads what it says: `k8ts up | head`.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const terminal: Terminal = {
    print: (line) => void process.stdout.write(`${line}\n`),
    complain: (line) => void process.stderr.write(`${line}\n`),
    isInteractive: process.stdout.isTTY === true,
    signal: stop.signal,
  }
  return runCommandLine(process.argv.slice(2), commands, terminal)
}
