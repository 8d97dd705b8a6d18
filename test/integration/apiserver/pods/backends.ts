import { createServer as createHttpServer } from 'node:http'
import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import type { Duplex as Stream } from 'node:stream'
import { systemClock } from '#base'
import type { BackendTransport } from '#apiserver'
import { createBackends } from '#http'
import { nodeCertificateSpecs, openClusterPki } from '#pki'
import type { ClusterPki, KeptCertificate } from '#pki'
import { listen } from '../../../run/listen.ts'

/** Address of the node, and the port of its kubelet. */
export const nodeAddress = '10.9.0.1'
/** Address of the pod. */
export const podAddress = '10.9.1.2'

export type Upgrade = (request: IncomingMessage, socket: Stream) => void

export interface Network extends AsyncDisposable {
  /** The way to a kubelet at {@link nodeAddress} and a pod at {@link podAddress}; both are servers of this test. */
  readonly backends: BackendTransport
  /** What was dialled, in order. */
  readonly dialled: readonly string[]
}

let certificates: ReturnType<typeof makeCertificates> | undefined

/** Keys take long to make: all networks have the same. */
async function makeCertificates(): Promise<{ readonly pki: ClusterPki; readonly serving: KeptCertificate }> {
  const pki = await openClusterPki({ clock: systemClock, dnsNames: [], ipAddresses: [] })
  const specs = nodeCertificateSpecs({ name: 'n', ipAddresses: [nodeAddress] })
  return { pki, serving: await pki.store.ensure(specs.serving, pki.authority) }
}

/** A network of one kubelet, which asks for the API server's certificate, and one pod. */
export async function network(listener: RequestListener, onUpgrade?: Upgrade): Promise<Network> {
  const { pki, serving } = await (certificates ??= makeCertificates())
  const { certificate, key } = serving.current
  const ca = pki.authority.certificate
  const kubelet = createHttpsServer(
    { cert: certificate, key, ca, requestCert: true, rejectUnauthorized: true },
    listener,
  )
  const pod = createHttpServer(listener)
  if (onUpgrade) for (const server of [kubelet, pod]) server.on('upgrade', onUpgrade)
  const ports: Record<string, number> = { [nodeAddress]: await listen(kubelet), [podAddress]: await listen(pod) }
  const dialled: string[] = []
  return {
    dialled,
    backends: createBackends({
      kubelet: () => ({ ...pki.apiServerKubeletClient.current, authorities: [ca] }),
      dial: (host, port) => {
        dialled.push(`${host}:${port}`)
        const there = ports[host]
        if (there === undefined) throw new Error(`dial tcp ${host}:${port}: connect: no route to host`)
        return new Promise<Socket>((resolve) => {
          const socket = connect(there, '127.0.0.1', () => resolve(socket))
        })
      },
    }),
    async [Symbol.asyncDispose]() {
      for (const server of [kubelet, pod]) {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    },
  }
}
