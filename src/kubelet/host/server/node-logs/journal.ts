import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { messageOf } from '#base'
import { openWithin } from '../../files/open-within.ts'
import type { Exchange } from '../exchange.ts'
import { isMissing } from './files.ts'
import { hasOptions, type NodeLogQuery } from './query.ts'

const patienceMs = 30_000

/**
 * Writes what services have logged: the journal's lines of those that it knows, the files of all others. What can't be
 * had is told in between, as the answer has begun.
 */
export async function serveServices(folder: string, query: NodeLogQuery, { response }: Exchange): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/plain;charset=UTF-8' })
  const units = await journalUnits()
  const inFiles = query.services.filter((name) => !units.includes(`${name}.service`))
  if (inFiles.length > 0 && hasOptions(query)) {
    const names = `[${inFiles.join(' ')}]`
    response.end(`\noptions present and query resolved to log files for ${names}\ntry without specifying options\n`)
    return
  }
  if (inFiles.length > 0) for (const name of inFiles) await writeFileOf(folder, name, response)
  else await writeJournal(query, response)
  response.end()
}

/** Names of all units that have written to the journal, as text; empty where there is no journal. */
async function journalUnits(): Promise<string> {
  const list = promisify(execFile)('journalctl', ['--field', '_SYSTEMD_UNIT'], { timeout: patienceMs })
  return list.then(({ stdout }) => stdout).catch(() => '')
}

/** Arguments of journalctl. */
export function journalArguments(query: NodeLogQuery): string[] {
  const { services, sinceTime, untilTime, tailLines, pattern, boot } = query
  return [
    '--utc',
    '--no-pager',
    '--output=short-precise',
    ...(sinceTime ? [`--since=${journalTime(sinceTime)}`] : []),
    ...(untilTime ? [`--until=${journalTime(untilTime)}`] : []),
    ...(tailLines === undefined ? [] : ['--pager-end', `--lines=${tailLines}`]),
    ...services.map((name) => `--unit=${name}`),
    ...(pattern === undefined ? [] : [`--grep=${pattern}`]),
    ...(boot === undefined ? [] : ['--boot', `${boot}`]),
  ]
}

const journalTime = (at: Date): string => at.toISOString().slice(0, 19).replace('T', ' ')

async function writeJournal(query: NodeLogQuery, response: Exchange['response']): Promise<void> {
  const child = spawn('journalctl', journalArguments(query), { stdio: ['ignore', 'pipe', 'pipe'], timeout: patienceMs })
  const gone = (): void => void child.kill()
  response.once('close', gone)
  child.stdout.pipe(response, { end: false })
  child.stderr.pipe(response, { end: false })
  try {
    await once(child, 'close')
  } catch {
    response.write('\nerror: journal output not available\n')
  } finally {
    response.off('close', gone)
  }
}

/** The first there is of three files that carry a service's name. */
async function writeFileOf(folder: string, service: string, response: Exchange['response']): Promise<void> {
  for (const name of [service, `${service}.log`, `${service}/${service}.log`]) {
    try {
      const file = await openWithin(folder, name)
      try {
        if ((await file.stat()).isDirectory()) continue
        await pipeline(file.createReadStream({ autoClose: false }), response, { end: false })
        return
      } finally {
        await file.close()
      }
    } catch (error) {
      if (isMissing(error)) continue
      response.write(`\nerror getting log for ${service}: ${messageOf(error)}\n`)
      return
    }
  }
  response.write(`\nlog not found for ${service}\n`)
}
