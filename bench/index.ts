/** `npm run bench -- NAME [options]`: measures a part of the cluster, beside upstream's where its binaries are at hand. */
import { benchApi } from './api/bench.ts'
import { benchScheduler } from './scheduler/bench.ts'

const benches: { readonly [name: string]: (parameters: readonly string[]) => Promise<void> } = {
  api: benchApi,
  scheduler: benchScheduler,
}

const [name = '', ...parameters] = process.argv.slice(2)
const bench = benches[name]
if (bench) await bench(parameters)
else {
  console.error(`no bench ${JSON.stringify(name)}, there is: ${Object.keys(benches).join(', ')}`)
  process.exitCode = 2
}
