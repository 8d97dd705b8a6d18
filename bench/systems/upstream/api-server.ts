import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cleanup } from '../../cleanup.ts'
import { freePort } from '../../../test/run/free-port.ts'
import { Programs } from '../../machine/programs.ts'
import type { Binaries } from '../binaries.ts'
import { temporaryFolder } from '../folder.ts'
import { apiReady } from '../ready.ts'
import type { ApiServer } from '../system.ts'
import { writeTokens } from '../tokens.ts'
import { startEtcd } from './etcd.ts'

/** etcd and kube-apiserver with their defaults. @param flags further ones. */
export async function startApiServer(
  binaries: Binaries,
  cleanup: Cleanup,
  flags: readonly string[] = [],
): Promise<ApiServer> {
  const folder = await temporaryFolder(cleanup)
  const port = await freePort()
  const { token, file } = await writeTokens(folder.path)
  const key = join(folder.path, 'key.pem')
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  await writeFile(key, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 })
  const begin = performance.now()
  const programs = new Programs(cleanup)
  const etcd = await startEtcd(programs, binaries, folder.path)
  // It waits for watches that are under way, and nothing of it is kept.
  programs.start(
    {
      name: 'kube-apiserver',
      log: join(folder.path, 'kube-apiserver.log'),
      command: [
        binaries.find('kube-apiserver'),
        `--etcd-servers=${etcd}`,
        '--bind-address=127.0.0.1',
        `--secure-port=${port}`,
        `--cert-dir=${join(folder.path, 'certs')}`,
        `--service-account-key-file=${key}`,
        `--service-account-signing-key-file=${key}`,
        '--service-account-issuer=https://kubernetes.default.svc',
        `--token-auth-file=${file}`,
        '--authorization-mode=Node,RBAC',
        '--service-cluster-ip-range=10.0.0.0/24',
        ...flags,
      ],
    },
    { signal: 'SIGKILL' },
  )
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
