import { join } from 'node:path'
import { freePorts } from '../../machine/ports.ts'
import type { Programs } from '../../machine/programs.ts'
import type { Binaries } from '../binaries.ts'
import { apiReady } from '../ready.ts'
import { startEtcd } from './etcd.ts'
import { serviceBlock } from './site.ts'
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
  const { folder, pki, kubeconfig, port, network } = site
  const [managerPort = 0, schedulerPort = 0] = await freePorts(2)
  const start = (name: string, flags: readonly string[], restart = {}): void => {
    const command: readonly [string, ...string[]] = [binaries.find(name), ...flags]
    programs.start({ name, log: join(folder, `${name}.log`), command, ...restart }, { patienceMs: 3000 })
  }
  const etcd = await startEtcd(programs, binaries, folder)
  start('kube-apiserver', [
    `--etcd-servers=${etcd}`,
    '--bind-address=0.0.0.0',
    `--advertise-address=${network.gateway}`,
    `--secure-port=${port}`,
    `--tls-cert-file=${pki('apiserver.crt')}`,
    `--tls-private-key-file=${pki('apiserver.key')}`,
    `--client-ca-file=${pki('ca.crt')}`,
    `--kubelet-client-certificate=${pki('apiserver-kubelet-client.crt')}`,
    `--kubelet-client-key=${pki('apiserver-kubelet-client.key')}`,
    '--kubelet-preferred-address-types=InternalIP',
    `--proxy-client-cert-file=${pki('front-proxy-client.crt')}`,
    `--proxy-client-key-file=${pki('front-proxy-client.key')}`,
    `--requestheader-client-ca-file=${pki('front-proxy-ca.crt')}`,
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${pki('sa.key')}`,
    `--service-account-signing-key-file=${pki('sa.key')}`,
    `--service-cluster-ip-range=${serviceBlock}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--allow-privileged',
  ])
  await apiReady(port, programs.all)
  onReady()
  start(
    'kube-controller-manager',
    [
      `--kubeconfig=${kubeconfig('controller-manager')}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${managerPort}`,
      '--leader-elect=false',
      '--use-service-account-credentials',
      `--service-account-private-key-file=${pki('sa.key')}`,
      `--root-ca-file=${pki('ca.crt')}`,
      `--cluster-signing-cert-file=${pki('ca.crt')}`,
      `--cluster-signing-key-file=${pki('ca.key')}`,
      '--allocate-node-cidrs',
      `--cluster-cidr=${site.podBlock}`,
      `--service-cluster-ip-range=${serviceBlock}`,
      ...clientFlags,
    ],
    { restartMs },
  )
  start(
    'kube-scheduler',
    [
      `--kubeconfig=${kubeconfig('scheduler')}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${schedulerPort}`,
      '--leader-elect=false',
      ...clientFlags,
    ],
    { restartMs },
  )
}
