import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatKubeconfig } from '#client/http'
import type { Cleanup } from '../../cleanup.ts'
import type { Endpoint } from '../../load/endpoint.ts'
import { freePort } from '../../../test/run/free-port.ts'
import { Programs } from '../../machine/programs.ts'
import { temporaryFolder } from '../folder.ts'
import type { DnsProgram } from '../system.ts'
import type { ProgramCommand } from './program-file.ts'

/** `k8ts dns` at loopback, with its defaults. */
export async function startDns(
  command: ProgramCommand,
  { port: apiPort, token = '' }: Endpoint,
  cleanup: Cleanup,
): Promise<DnsProgram> {
  const folder = await temporaryFolder(cleanup)
  const kubeconfig = join(folder.path, 'kubeconfig')
  const cluster = { server: `https://127.0.0.1:${apiPort}`, 'insecure-skip-tls-verify': true }
  await writeFile(kubeconfig, formatKubeconfig({ name: 'bench', cluster, user: { token } }), { mode: 0o600 })
  const port = await freePort()
  const programs = new Programs(cleanup)
  programs.start({
    name: 'k8ts dns',
    log: join(folder.path, 'dns.log'),
    command: [...command, 'dns', `--kubeconfig=${kubeconfig}`, '--bind-address=127.0.0.1', `--port=${port}`],
  })
  return {
    port,
    processes: programs.processes,
    async stop() {
      await programs.stop()
      await folder.remove()
    },
  }
}
