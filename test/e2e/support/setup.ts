import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { buildImage, recipes } from '../../images/index.ts'
import { stockProgram } from '../../tools/kubectl.ts'
import { machineMissing } from './machine.ts'

/**
 * Clusters under test run the program as it is shipped. What takes long on a machine that is new is done here, where no
 * test's time runs.
 */
export default async function setup(): Promise<void> {
  await promisify(execFile)(process.execPath, [fileURLToPath(new URL('../../../tools/bundle.mjs', import.meta.url))])
  if ((await machineMissing()) !== undefined) return
  await stockProgram('kubectl')
  for (const recipe of Object.values(recipes)) await buildImage(recipe)
}
