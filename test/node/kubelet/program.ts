import { createInterface } from 'node:readline'
import { faults } from './faults.ts'
import { Rig } from './rig.ts'
import { scenarios, tailOf } from './scenarios.ts'

/** Runs scenarios by name as they are asked for on standard input, one answer each, and ends the node at the end of it. */
const [folder = ''] = process.argv.slice(2)
const rig = new Rig(folder)
const say = (answer: object): void => void process.stdout.write(`${JSON.stringify(answer)}\n`)
const messageOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error))

try {
  await rig.start()
  say({ started: true })
  for await (const sentence of createInterface({ input: process.stdin })) {
    try {
      await { ...scenarios, ...faults }[sentence]?.(rig)
      say({ done: sentence })
    } catch (error) {
      say({ failed: [messageOf(error), ...(await rig.events()).slice(-20)].join('\n') })
    }
  }
} catch (error) {
  say({ failed: `${messageOf(error)}\n${tailOf(`${folder}/root/containerd.log`)}` })
} finally {
  await rig.end().catch((error: unknown) => console.error(messageOf(error)))
}
process.exit(0)
