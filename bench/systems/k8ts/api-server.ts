import { join } from 'node:path'
import type { Cleanup } from '../../cleanup.ts'
import { freePort } from '../../../test/run/free-port.ts'
import { Programs } from '../../machine/programs.ts'
import { temporaryFolder } from '../folder.ts'
import { apiReady } from '../ready.ts'
import type { ApiServer } from '../system.ts'
import { writeTokens } from '../tokens.ts'
import type { ProgramCommand } from './program-file.ts'

/** `k8ts apiserver` over LMDB, with access control, as it is shipped. */
export async function startApiServer(
  command: ProgramCommand,
  cleanup: Cleanup,
  {
    bindAddress = '127.0.0.1',
    serviceBlock = '10.0.0.0/24',
    flags = [],
  }: { readonly bindAddress?: string; readonly serviceBlock?: string; readonly flags?: readonly string[] } = {},
): Promise<ApiServer> {
  const folder = await temporaryFolder(cleanup)
  const port = await freePort()
  const { token, file } = await writeTokens(folder.path)
  const begin = performance.now()
  const programs = new Programs(cleanup)
  programs.start({
    name: 'k8ts apiserver',
    log: join(folder.path, 'k8ts.log'),
    command: [
      ...command,
      'apiserver',
      `--data-dir=${join(folder.path, 'data')}`,
      `--bind-address=${bindAddress}`,
      `--secure-port=${port}`,
      `--token-auth-file=${file}`,
      '--authorization-mode=Node,RBAC',
      `--service-cluster-ip-range=${serviceBlock}`,
      ...flags,
    ],
  })
  await apiReady(port, programs.all)
  return {
    endpoint: { host: '127.0.0.1', port, token },
    readyMs: performance.now() - begin,
    processes: programs.processes,
    async stop() {
      await programs.stop()
      await folder.remove()
    },
  }
}
