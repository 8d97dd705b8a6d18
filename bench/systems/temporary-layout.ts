import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { clusterLayout, silentProgress, stopCluster } from '#cluster'
import type { ClusterLayout } from '#cluster'
import type { Cleanup } from '../cleanup.ts'
import { temporaryFolder } from './folder.ts'

/** Where a cluster lives that goes with the bench, with whatever it leaves on the machine. */
export async function temporaryLayout(cleanup: Cleanup): Promise<{
  readonly layout: ClusterLayout
  readonly remove: () => Promise<void>
}> {
  const folder = await temporaryFolder(cleanup)
  const layout = clusterLayout({ name: `bench-${randomBytes(3).toString('hex')}`, dataDir: join(folder.path, 'data') })
  const down = cleanup.add(() => stopCluster({ layout, deleteData: true, progress: silentProgress }))
  const remove = async (): Promise<void> => {
    await down()
    await folder.remove()
  }
  return { layout, remove }
}
