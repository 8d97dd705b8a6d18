import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Node } from '#api/core/v1'

/** Where a node tells others the key that they encrypt with, base64. */
export const publicKeyAnnotation = 'k8ts.dev/wireguard-public-key'

/** Base64, as WireGuard has them. */
export interface WireguardKeys {
  readonly privateKey: string
  readonly publicKey: string
}

/** The keys of a node, which are kept in a file. @throws Error when the file can't be written */
export function wireguardKeys(path: string): WireguardKeys {
  const known = readKey(path)
  const key = known ?? generateKeyPairSync('x25519').privateKey
  if (!known) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  }
  return { privateKey: rawKey(key, 'd'), publicKey: rawKey(createPublicKey(key), 'x') }
}

/** What a node has told; `undefined` when that is nothing, or no key. */
export function publicKeyOf({ metadata }: Node): string | undefined {
  const text = metadata.annotations?.[publicKeyAnnotation]
  return text !== undefined && /^[A-Za-z0-9+/]{43}=$/.test(text) ? text : undefined
}

function readKey(path: string): KeyObject | undefined {
  try {
    return createPrivateKey(readFileSync(path))
  } catch {
    return undefined
  }
}

const rawKey = (key: KeyObject, part: 'd' | 'x'): string =>
  Buffer.from(key.export({ format: 'jwk' })[part] ?? '', 'base64url').toString('base64')
