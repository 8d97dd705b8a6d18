import type { TLSSocket } from 'node:tls'
import type { Socket } from 'node:net'
import type { ClientCertificate, Connection } from '#client'
import { hostPort } from '#machinery'

const known = new WeakMap<object, Connection>()

/** What a socket says about its peer, worked out once per connection. */
export function connectionOf(socket: Socket): Connection {
  let connection = known.get(socket)
  if (!connection) {
    connection = describe(socket)
    known.set(socket, connection)
  }
  return connection
}

function describe(socket: Socket): Connection {
  const certificate = verifiedCertificate(socket)
  const error = certificate ? undefined : certificateError(socket)
  const { remoteAddress, remotePort, localAddress, localPort } = socket
  // Sockets of both families have addresses of IPv4 in a form of IPv6.
  const plain = (address: string): string => address.replace(/^::ffff:/, '')
  return {
    ...(remoteAddress === undefined ? {} : { remoteAddress: plain(remoteAddress) }),
    ...(remotePort === undefined ? {} : { remotePort }),
    protocol: isTls(socket) && socket.alpnProtocol === 'h2' ? 'HTTP/2.0' : 'HTTP/1.1',
    ...(localAddress === undefined ? {} : { localAddress: hostPort(plain(localAddress), localPort ?? 0) }),
    ...(certificate ? { clientCertificate: certificate } : {}),
    ...(error === undefined ? {} : { certificateError: error }),
  }
}

/**
 * The peer's certificate, if its chain leads to one of the server's client authorities. The subject of any other is
 * readable too, and means nothing.
 */
function verifiedCertificate(socket: Socket): ClientCertificate | undefined {
  if (!isTls(socket) || !socket.authorized) return undefined
  const certificate = socket.getPeerCertificate(true)
  if (!certificate.subject) return undefined
  const { CN, O } = certificate.subject as { readonly CN?: string | string[]; readonly O?: string | string[] }
  return {
    commonName: [CN ?? ''].flat()[0] ?? '',
    organizations: O === undefined ? [] : [O].flat(),
    fingerprint: hex(certificate.fingerprint256),
    issuer: hex(rootOf(certificate).fingerprint256),
    notAfter: Date.parse(certificate.valid_to),
  }
}

/** Why a certificate that the peer did show is not trusted. */
function certificateError(socket: Socket): string | undefined {
  if (!isTls(socket) || socket.authorized) return undefined
  if (Object.keys(socket.getPeerCertificate()).length === 0) return undefined
  return String(socket.authorizationError ?? 'certificate is not trusted')
}

interface Chained {
  readonly fingerprint256: string
  readonly issuerCertificate?: Chained
}

function rootOf(certificate: Chained): Chained {
  let at = certificate
  while (
    at.issuerCertificate &&
    at.issuerCertificate !== at &&
    at.issuerCertificate.fingerprint256 !== at.fingerprint256
  ) {
    at = at.issuerCertificate
  }
  return at
}

const hex = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase()

function isTls(socket: Socket): socket is TLSSocket {
  return 'encrypted' in socket && socket.encrypted === true
}
