import { readdir, readFile, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { get } from 'node:https'
import { join } from 'node:path'
import { defer, silentLogger, systemClock } from '#base'
import { createHttpTransport, loadKubeconfig } from '#client/http'
import { runApiServer } from '#cluster'
import { decodeText } from '#machinery'
import { openLmdbStore } from '#store/lmdb'

export interface Answer {
  readonly code: number
  readonly body: { readonly message?: string; readonly [field: string]: unknown }
  readonly text: string
}

/** Asks a server: `ask('GET', '/api/v1/secrets')`. */
export type Ask = (method: string, url: string, body?: unknown) => Promise<Answer>

const token = 'administrator'

/** Runs an API server on the data of a folder, with an EncryptionConfiguration if one is given, while a task lasts. */
export async function withServer(
  folder: string,
  resources: readonly unknown[] | undefined,
  task: (ask: Ask, server: string) => Promise<void>,
): Promise<void> {
  const stop = new AbortController()
  const serving = defer<string>()
  if (resources) await writeConfiguration(folder, resources)
  const tokenFile = join(folder, 'tokens.csv')
  await writeFile(tokenFile, `${token},admin,1,"system:masters"\n`)
  const running = runApiServer(
    {
      dataDir: folder,
      tokenFile,
      store: 'lmdb',
      bindAddress: '127.0.0.1',
      port: 0,
      authentication: {},
      serviceBlocks: ['10.0.0.0/24'],
      nodePorts: { first: 30_000, last: 32_767 },
      authorization: { modes: ['Node', 'RBAC'] },
      admission: { enable: [], disable: [] },
      serviceAccounts: { issuers: [], audiences: [], keyFiles: [], extends: true },
      logLevel: 'error',
      shutdownDelayMs: 0,
      ...(resources ? { encryption: { configFile: configurationFile(folder), reload: false } } : {}),
    },
    stop.signal,
    serving.resolve,
  )
  running.catch(serving.reject)
  try {
    const server = await serving.promise
    await asAdmin(folder, (ask) => task(ask, server))
  } finally {
    stop.abort()
    await running
  }
}

const configurationFile = (folder: string): string => join(folder, 'encryption.yaml')

async function writeConfiguration(folder: string, resources: readonly unknown[]): Promise<void> {
  const configuration = { kind: 'EncryptionConfiguration', apiVersion: 'apiserver.config.k8s.io/v1', resources }
  await writeFile(configurationFile(folder), JSON.stringify(configuration))
}

async function asAdmin(folder: string, task: (ask: Ask) => Promise<void>): Promise<void> {
  const { config } = await loadKubeconfig({ path: join(folder, 'admin.kubeconfig') })
  const transport = createHttpTransport(config, { clock: systemClock, log: silentLogger })
  try {
    await task(async (method, url, body) => {
      const [path = '', query = ''] = url.split('?')
      const response = await transport.send({
        method,
        path,
        query,
        headers: { accept: 'application/json', 'content-type': 'application/json', 'user-agent': 'test/1.0' },
        signal: new AbortController().signal,
        ...(body === undefined ? {} : { body: { kind: 'object', object: body } }),
      })
      if (response.kind !== 'object' && response.kind !== 'bytes') throw new Error(`a stream from ${url}`)
      const text = decodeText(response.kind === 'object' ? response.encode().bytes : response.bytes)
      return { code: response.code, text, body: text.startsWith('{') ? JSON.parse(text) : {} }
    })
  } finally {
    await transport.close()
  }
}

/** Asks once: clients that are told to come back later do so by themselves. */
export async function askOnce(server: string, url: string): Promise<Answer> {
  const options = { rejectUnauthorized: false, headers: { authorization: `Bearer ${token}` } }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(server + url, options, resolve).on('error', reject)
  })
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return { code: response.statusCode ?? 0, text, body: text.startsWith('{') ? JSON.parse(text) : {} }
}

/** What is stored under a key, when no server runs. */
export async function storedBytes(folder: string, key: string): Promise<Buffer> {
  const store = await openLmdbStore({ directory: join(folder, 'store'), clock: systemClock, logger: silentLogger })
  try {
    return Buffer.from(store.snapshot().get(key)?.value ?? [])
  } finally {
    await store.close()
  }
}

/** Whether any file of the store holds the text. */
export async function isOnDisk(folder: string, text: string): Promise<boolean> {
  for (const name of await readdir(join(folder, 'store'))) {
    if ((await readFile(join(folder, 'store', name))).includes(text)) return true
  }
  return false
}
