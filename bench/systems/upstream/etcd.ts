import { join } from 'node:path'
import { freePort } from '../../../test/run/free-port.ts'
import type { Programs } from '../../machine/programs.ts'
import type { Binaries } from '../binaries.ts'

/** etcd with its defaults, on loopback. @returns its URL. */
export async function startEtcd(programs: Programs, binaries: Binaries, folder: string): Promise<string> {
  const [client, peer] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${client}`
  const peerUrl = `http://127.0.0.1:${peer}`
  programs.start({
    name: 'etcd',
    log: join(folder, 'etcd.log'),
    command: [
      binaries.find('etcd'),
      `--data-dir=${join(folder, 'etcd')}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=default=${peerUrl}`,
    ],
  })
  return url
}
