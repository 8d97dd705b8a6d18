import { join } from 'node:path'
import { serviceBlock } from './site.ts'
import type { Site } from './site.ts'

/** What kubeadm gives upstream's programs; ours take the same. Where objects are kept is not among it. */
export const apiServerFlags = ({ pki, port, network }: Site): string[] => [
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
]

/** @param port where it tells of itself. */
export const controllerManagerFlags = ({ pki, kubeconfig, podBlock }: Site, port: number): string[] => [
  `--kubeconfig=${kubeconfig('controller-manager')}`,
  '--bind-address=127.0.0.1',
  `--secure-port=${port}`,
  '--use-service-account-credentials',
  `--service-account-private-key-file=${pki('sa.key')}`,
  `--root-ca-file=${pki('ca.crt')}`,
  `--cluster-signing-cert-file=${pki('ca.crt')}`,
  `--cluster-signing-key-file=${pki('ca.key')}`,
  '--allocate-node-cidrs',
  `--cluster-cidr=${podBlock}`,
  `--service-cluster-ip-range=${serviceBlock}`,
]

/** @param port where it tells of itself. */
export const schedulerFlags = ({ kubeconfig }: Site, port: number): string[] => [
  `--kubeconfig=${kubeconfig('scheduler')}`,
  '--bind-address=127.0.0.1',
  `--secure-port=${port}`,
]

export const kubeletFlags = ({ layout, folder, node, kubeconfig }: Site): string[] => {
  const { kubeletRoot } = layout.node(node.name)
  return [
    `--config=${join(folder, 'kubelet.json')}`,
    `--kubeconfig=${kubeconfig('kubelet')}`,
    `--hostname-override=${node.name}`,
    `--node-ip=${node.address}`,
    `--root-dir=${kubeletRoot}`,
    `--cert-dir=${join(kubeletRoot, 'pki')}`,
  ]
}

export const proxyFlags = ({ node, kubeconfig, podBlock }: Site): string[] => [
  `--kubeconfig=${kubeconfig('proxy')}`,
  '--proxy-mode=nftables',
  `--cluster-cidr=${podBlock}`,
  `--hostname-override=${node.name}`,
  '--conntrack-max-per-core=0',
]
