import { spawn } from 'node:child_process'
import { normalize } from 'node:path'
import { messageOf } from '#base'
import type { Clock } from '#base'
import type { ExecConfig } from '../config.ts'
import { bearer } from './credentials.ts'
import type { Credentials, KeyPair, RequestHeaders } from './credentials.ts'

const group = 'client.authentication.k8s.io'
const apiVersions: readonly string[] = [`${group}/v1`, `${group}/v1beta1`]

const moreHelp = `

It looks like you are trying to use a client-go credential plugin that is not installed.

To learn more about this feature, consult the documentation available at:
      https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins`

interface Given {
  readonly headers: RequestHeaders
  readonly keyPair: KeyPair | undefined
  /** Milliseconds since 1970. */
  readonly expires: number
}

/** Answer of the program; everything in it may be missing. */
interface ExecCredential {
  readonly kind?: string
  readonly apiVersion?: string
  readonly status?: {
    readonly token?: string
    readonly clientCertificateData?: string
    readonly clientKeyData?: string
    readonly expirationTimestamp?: string
  }
}

/** Credentials that a program gives; it is run again when they expire, or the server refuses them. */
export function execCredentials(config: ExecConfig, clock: Clock): Credentials {
  if (!apiVersions.includes(config.apiVersion)) {
    throw new Error(`exec plugin: invalid apiVersion ${JSON.stringify(config.apiVersion)}`)
  }
  let given: Given | undefined
  let running: Promise<Given> | undefined
  const get = async (): Promise<Given> => {
    if (given && clock.now() <= given.expires) return given
    // Only one runs at a time: it may ask the user.
    running ??= run(config).finally(() => {
      running = undefined
    })
    given = await running
    return given
  }
  return {
    headers: async () => {
      try {
        return (await get()).headers
      } catch (error) {
        const why = messageOf(error)
        throw new Error(`getting credentials: ${why}`, { cause: error })
      }
    },
    keyPair: async () => (await get()).keyPair,
    async refused(used) {
      // Others may have had it run again meanwhile.
      if (given && given.headers['authorization'] !== used['authorization']) return
      given = undefined
      await get()
    },
  }
}

async function run(config: ExecConfig): Promise<Given> {
  const interactive = isInteractive(config)
  const info = {
    kind: 'ExecCredential',
    apiVersion: config.apiVersion,
    spec: {
      ...(config.provideClusterInfo && config.cluster ? { cluster: config.cluster } : {}),
      interactive,
    },
  }
  const env: { [name: string]: string | undefined } = { ...process.env }
  for (const { name, value } of config.env ?? []) env[name] = value
  env['KUBERNETES_EXEC_INFO'] = JSON.stringify(info)
  const output = await outputOf(config, env, interactive)
  return read(output, config.apiVersion)
}

function isInteractive({ interactiveMode }: ExecConfig): boolean {
  switch (interactiveMode) {
    case 'Never':
      return false
    case 'IfAvailable':
      return process.stdin.isTTY
    case 'Always':
      if (process.stdin.isTTY) return true
      throw new Error('exec plugin cannot support interactive mode: standard input is not a terminal')
    default:
      throw new Error(
        `exec plugin cannot support interactive mode: unknown interactiveMode: "${String(interactiveMode)}"`,
      )
  }
}

function outputOf(
  config: ExecConfig,
  env: { readonly [name: string]: string | undefined },
  interactive: boolean,
): Promise<string> {
  const command = normalize(config.command)
  return new Promise((resolve, reject) => {
    const child = spawn(command, config.args ?? [], {
      env,
      stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'inherit'],
    })
    const chunks: Buffer[] = []
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.once('error', (error: NodeJS.ErrnoException) => {
      const missing = error.code === 'ENOENT'
      const hint = config.installHint ? `\n\n${config.installHint}` : ''
      const message = missing ? `exec: executable ${command} not found${moreHelp}${hint}` : `exec: ${error.message}`
      reject(new Error(message, { cause: error }))
    })
    child.once('close', (code) => {
      if (code === 0) resolve(Buffer.concat(chunks).toString('utf8'))
      else reject(new Error(`exec: executable ${command} failed with exit code ${code ?? -1}`))
    })
  })
}

function read(output: string, apiVersion: string): Given {
  let credential: ExecCredential
  try {
    credential = JSON.parse(output) as ExecCredential
  } catch (error) {
    throw new Error('decoding stdout: it is not JSON', { cause: error })
  }
  if (credential.apiVersion !== apiVersion) {
    throw new Error(
      `exec plugin is configured to use API version ${apiVersion}, plugin returned version ${credential.apiVersion ?? ''}`,
    )
  }
  if (!credential.status) throw new Error("exec plugin didn't return a status field")
  const { token, clientCertificateData: certificate, clientKeyData: key, expirationTimestamp } = credential.status
  if (!token && !certificate && !key) throw new Error("exec plugin didn't return a token or cert/key pair")
  if (!certificate !== !key) throw new Error('exec plugin returned only certificate or key, not both')
  return {
    headers: token ? bearer(token) : {},
    keyPair: certificate && key ? { certificate, key } : undefined,
    expires: expirationTimestamp === undefined ? Infinity : Date.parse(expirationTimestamp),
  }
}
