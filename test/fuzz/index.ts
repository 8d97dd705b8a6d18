/** `npm run fuzz`: sends requests that chance makes to API servers, and tells of every answer that should not be. */
import { parseArgs } from 'node:util'
import { startInProcess } from './in-process.ts'
import { fuzz } from './session.ts'
import type { Finding } from './session.ts'
import { startProgram } from './program.ts'

const usage = `npm run fuzz -- [--seed S] [--count N] [--store memory|lmdb] [--in-flight N] [--in-process]

  --seed S        the requests (0)
  --count N       how many of them (10000)
  --in-process    against a server in this process, on virtual time, that can't write into stored objects;
                  otherwise against \`k8ts apiserver\` as it was built, over TLS
  --store S       where the server keeps objects: memory or lmdb (memory)
  --in-flight N   requests under way at a time (32)
  --most N        stop after so many findings (50)

The same seed sends the same requests to a server of its own: several at a time, or one after the other in process.`

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '0' },
    count: { type: 'string', default: '10000' },
    most: { type: 'string', default: '50' },
    store: { type: 'string', default: 'memory' },
    'in-flight': { type: 'string', default: '32' },
    'in-process': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(usage)
else process.exitCode = await run(Number(values.seed), Number(values.count), Number(values.most))

async function run(seed: number, count: number, most: number): Promise<number> {
  const options = { store: values.store, inFlight: Number(values['in-flight']) }
  await using system = values['in-process'] ? await startInProcess() : await startProgram(options)
  const seen = new Map<string, number>()
  const found = (finding: Finding): void => {
    const key = kindOf(finding)
    const times = (seen.get(key) ?? 0) + 1
    seen.set(key, times)
    if (times === 1) console.log(described(finding))
    if (seen.size > most) throw new Error('too many findings')
  }
  const begin = performance.now()
  const every = Math.max(1000, Math.floor(count / 50))
  const tell = async (done: number): Promise<void> => {
    const memory = Math.round((await system.memory()) / 1e5) / 10
    const rate = Math.round((done / (performance.now() - begin)) * 1000)
    console.log(`${done} requests, ${rate} a second, memory ${memory} MB, findings ${seen.size}`)
  }
  const tally = await fuzz(system, { seed, count, found, progress: { every, tell } })
  console.log(
    [...tally]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, times]) => `${key}: ${times}`)
      .join(', '),
  )
  for (const [key, times] of seen) console.log(`${times} times: ${key}`)
  return seen.size > 0 ? 1 : 0
}

/** Findings of one kind are told once. */
function kindOf({ fault, request, answer }: Finding): string {
  const path = request.url.replace(/\?.*/, '').replace(/fz-\w+/g, '*')
  return `${request.method} ${path.split('/').slice(0, 8).join('/')} ${answer.code} ${fault.slice(0, 120)}`.replaceAll(
    /[\d.:]{3,}/g,
    'N',
  )
}

function described({ fault, seed, index, request, answer }: Finding): string {
  const body = request.body ? Buffer.from(request.body).toString('utf8').slice(0, 3000) : ''
  return [
    `--- seed ${seed}, request ${index}: ${fault}`,
    `${request.method} ${request.url} ${JSON.stringify(request.headers)}`,
    body,
    `${answer.code} ${Buffer.from(answer.body).toString('utf8').slice(0, 1500)}`,
  ].join('\n')
}
