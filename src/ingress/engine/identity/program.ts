/** What the program is told: to make a way to a server, or to close one. */
export type ToProgram =
  | {
      readonly type: 'open'
      readonly id: number
      /** Of 127.0.0.1; any that is free when 0. */
      readonly port: number
      readonly server: CheckedServer
    }
  | { readonly type: 'close'; readonly id: number }

/** What it says: at which port the way begins, or why there is none. */
export type FromProgram =
  | { readonly type: 'open'; readonly id: number; readonly port: number }
  | { readonly type: 'failed'; readonly id: number; readonly message: string }

/** A server that has to show a certificate that one of these authorities vouches for, and that has one of these names. */
export interface CheckedServer {
  readonly host: string
  readonly port: number
  /** Asked for. */
  readonly hostname: string
  /** In PEM; the system's when absent. */
  readonly authorities?: string
  readonly names: readonly { readonly type: 'DNS' | 'URI'; readonly value: string }[]
  readonly protocol: 'http/1.1' | 'h2'
}

/**
 * Passes connections on by TLS to servers that have shown who they are. Nothing is sent to others.
 *
 * Runs in a process of its own, which gets its text: it knows nothing of this module.
 */
export function identityProgram(): void {
  const { createServer } = process.getBuiltinModule('node:net')
  const { connect, createSecureContext } = process.getBuiltinModule('node:tls')
  const { readdirSync, readFileSync } = process.getBuiltinModule('node:fs')
  const ways = new Map<number, ReturnType<typeof createServer>>()
  let system: string[] | undefined
  const refusal = 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'

  const tell = (message: FromProgram): void => void process.send?.(message)

  /** Certificates of the file or folder that OpenSSL has them in, where a file of all may lie beside those by themselves. */
  const systemAuthorities = (): string[] => {
    if (system) return system
    const { SSL_CERT_FILE: file, SSL_CERT_DIR: folder = '/etc/ssl/certs' } = process.env
    const all = file === undefined ? readdirSync(folder).filter((name) => /\.(pem|crt)$/.test(name)) : []
    const wanted = all.includes('ca-certificates.crt') ? ['ca-certificates.crt'] : all
    const paths = file === undefined ? wanted.map((name) => `${folder}/${name}`) : [file]
    return (system = paths.map((path) => readFileSync(path, 'utf8')))
  }

  /** Alternative names as Node writes them: `DNS:a.example, URI:"spiffe://a,b"`. */
  const namesOf = (text: string): { readonly type: string; readonly value: string }[] =>
    [...text.matchAll(/(\w[\w ]*):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g)].map(([, type = '', value = '']) => ({
      type,
      value: value.startsWith('"') ? String(JSON.parse(value)) : value,
    }))

  const isHost = (wanted: string, shown: string): boolean =>
    wanted === shown ||
    // A name in a certificate stands for one label, one in a policy for any number of them.
    (shown.startsWith('*.') && !wanted.startsWith('*.') && wanted.slice(wanted.indexOf('.')) === shown.slice(1)) ||
    (wanted.startsWith('*.') && shown.endsWith(wanted.slice(1)) && shown.length >= wanted.length)

  const hasName = (wanted: CheckedServer['names'], alternatives: string): boolean => {
    const shown = namesOf(alternatives)
    return wanted.some((name) =>
      shown.some(({ type, value }) =>
        type !== name.type ? false : type === 'URI' ? value === name.value : isHost(name.value, value.toLowerCase()),
      ),
    )
  }

  const open = (id: number, port: number, server: CheckedServer): void => {
    const { host, hostname, authorities, names, protocol } = server
    const secureContext = createSecureContext({ ca: authorities ?? systemAuthorities(), minVersion: 'TLSv1.2' })
    const way = createServer({ noDelay: true, pauseOnConnect: true }, (near) => {
      let [isReached, isKnown] = [false, false]
      const far = connect({
        host,
        port: server.port,
        servername: hostname,
        secureContext,
        ALPNProtocols: [protocol],
        checkServerIdentity: (_host, { subjectaltname = '' }) =>
          hasName(names, subjectaltname) ? undefined : new Error('the certificate has none of the names'),
      })
      const end = (): void => {
        near.destroy()
        far.destroy()
      }
      near.on('error', end).on('close', end)
      far.once('connect', () => (isReached = true))
      far.once('error', () => {
        // Who can't be reached may be reached at another place. Who is somebody else is so whenever he is asked again.
        if (!isReached || isKnown || protocol === 'h2') end()
        else near.end(refusal)
      })
      far.once('close', () => isKnown && end())
      far.setNoDelay(true)
      far.once('secureConnect', () => {
        isKnown = true
        if (protocol === 'h2' && far.alpnProtocol !== 'h2') return end()
        near.pipe(far).pipe(near)
      })
    })
    way.once('error', ({ message }) => tell({ type: 'failed', id, message }))
    way.listen(port, '127.0.0.1', () => {
      const at = way.address()
      tell({ type: 'open', id, port: typeof at === 'object' && at ? at.port : 0 })
    })
    ways.set(id, way)
  }

  process.on('message', (message: ToProgram) => {
    if (message.type === 'close') {
      ways.get(message.id)?.close()
      ways.delete(message.id)
      return
    }
    try {
      open(message.id, message.port, message.server)
    } catch (error) {
      tell({ type: 'failed', id: message.id, message: String(error) })
    }
  })
  process.on('disconnect', () => process.exit())
}
