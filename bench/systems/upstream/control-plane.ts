import { join } from 'node:path'
import { freePort } from '../../../test/run/free-port.ts'
import type { Programs } from '../../machine/programs.ts'
import type { Binaries } from '../binaries.ts'
import { apiReady } from '../ready.ts'
import { startEtcd } from './etcd.ts'
import { apiServerFlags, controllerManagerFlags, schedulerFlags } from './flags.ts'
import type { Site } from './site.ts'

/** Milliseconds after which a program that gave up is started again. */
export const restartMs = 100

/**
 * Flags as kubeadm gives them; one replica of each, so nobody has to be elected. Controllers and scheduler start when the
 * API is ready: what they would ask for before, they would be refused, and wait before they ask again.
 *
 * @param onReady hears that the API is ready.
 * @param clientFlags for controllers and scheduler.
 */
export async function startControlPlane(
  programs: Programs,
  binaries: Binaries,
  site: Site,
  onReady: () => void,
  clientFlags: readonly string[] = [],
): Promise<void> {
  const { folder, port } = site
  const [managerPort, schedulerPort] = [await freePort(), await freePort()]
  const start = (name: string, flags: readonly string[], restart = {}): void => {
    const command: readonly [string, ...string[]] = [binaries.find(name), ...flags]
    programs.start({ name, log: join(folder, `${name}.log`), command, ...restart }, { patienceMs: 3000 })
  }
  const etcd = await startEtcd(programs, binaries, folder)
  start('kube-apiserver', [`--etcd-servers=${etcd}`, ...apiServerFlags(site)])
  await apiReady(port, programs.all)
  onReady()
  const alone = ['--leader-elect=false', ...clientFlags]
  start('kube-controller-manager', [...controllerManagerFlags(site, managerPort), ...alone], { restartMs })
  start('kube-scheduler', [...schedulerFlags(site, schedulerPort), ...alone], { restartMs })
}
