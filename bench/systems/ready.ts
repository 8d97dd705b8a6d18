import { Agent, get } from 'node:https'
import type { Program } from '../machine/program.ts'

/** Milliseconds between two questions. */
const everyMs = 10
const patienceMs = 120_000

/**
 * Waits until an API server says that it is ready, which everybody may ask.
 *
 * @param programs those that are not started again when they end have to live.
 * @throws Error when it takes two minutes, or when a program ends.
 */
export async function apiReady(port: number, programs: readonly Program[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false })
  const begin = performance.now()
  try {
    while (!(await isReady(port, agent))) {
      const dead = programs.find((program) => program.failed)
      const late = performance.now() - begin > patienceMs
      if (dead || late) {
        const logs = (dead ? [dead] : programs).map((program) => `${program.name}:\n${program.logTail()}`)
        throw new Error(
          `${dead ? `${dead.name} ended` : 'the API server is not ready'}, the logs end with\n${logs.join('\n')}`,
        )
      }
      await new Promise((resolve) => setTimeout(resolve, everyMs))
    }
  } finally {
    agent.destroy()
  }
}

function isReady(port: number, agent: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/readyz', agent, timeout: 5000 }, (response) => {
      response.resume()
      response.once('end', () => resolve(response.statusCode === 200))
    })
    request.once('error', () => resolve(false))
    request.once('timeout', () => request.destroy(new Error('no answer')))
  })
}
