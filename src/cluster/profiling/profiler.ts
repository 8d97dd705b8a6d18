import type { Session as Inspector } from 'node:inspector/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { gzip } from 'node:zlib'
import type { Profiler } from '#machinery'
import { setVerbosity } from '../log.ts'
import { ofAllocations, ofProcessor, ofSpaces } from './convert.ts'
import { pprofBytes } from './pprof.ts'
import type { Profile } from './pprof.ts'

const compress = promisify(gzip)

/** Between samples of the processor, in microseconds: a hundred to the second, as pprof's users know it. */
const intervalUs = 10_000

const zipped = async (profile: Profile): Promise<Uint8Array> => compress(pprofBytes(profile))

/** Waits, or until the signal aborts. */
async function wait(seconds: number, signal: AbortSignal): Promise<void> {
  await pause(seconds * 1000, undefined, { signal, ref: false }).catch(() => undefined)
}

/** Looks into this process by its own inspector, one at a time. */
export function createProfiler(): Profiler {
  let busy = false

  async function looking<T>(look: (session: Inspector) => Promise<T>): Promise<T> {
    if (busy) throw new Error('profiling already in use')
    busy = true
    try {
      const { Session } = await import('node:inspector/promises')
      const session = new Session()
      session.connect()
      try {
        return await look(session)
      } finally {
        session.disconnect()
      }
    } finally {
      busy = false
    }
  }

  return {
    processor: (seconds, signal) =>
      looking(async (session) => {
        await session.post('Profiler.enable')
        await session.post('Profiler.setSamplingInterval', { interval: intervalUs })
        await session.post('Profiler.start')
        await wait(seconds, signal)
        const { profile } = await session.post('Profiler.stop')
        return zipped(ofProcessor(profile, Date.now(), intervalUs))
      }),
    allocations: (seconds, signal) =>
      looking(async (session) => {
        const began = Date.now()
        await session.post('HeapProfiler.startSampling')
        await wait(seconds, signal)
        const { profile } = await session.post('HeapProfiler.stopSampling')
        return zipped(ofAllocations(profile, Date.now(), Date.now() - began))
      }),
    async heap(collect) {
      if (collect) collectGarbage()
      return zipped(ofSpaces(getHeapSpaceStatistics(), Date.now()))
    },
    setVerbosity,
  }
}

/** Garbage is collected at will by those alone who were asked for it when a context began. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  setFlagsFromString('--no-expose-gc')
  collect()
}
