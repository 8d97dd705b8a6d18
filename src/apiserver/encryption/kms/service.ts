import type { EncryptionMetrics } from '../metrics.ts'

/** What a KMS plugin says of itself. */
export interface KmsStatus {
  readonly version: string
  /** `ok`, or what is wrong. */
  readonly healthz: string
  /** The key that data is encrypted with now. */
  readonly keyId: string
}

/** A key that a plugin encrypted. */
export interface EncryptedKey {
  readonly ciphertext: Uint8Array
  readonly keyId: string
  /** What the plugin wants to see again with it. */
  readonly annotations: ReadonlyMap<string, Uint8Array>
}

/**
 * A KMS plugin of API version v2 (KEP-3299). Calls wait for a plugin that is not there yet, for as long as they may take,
 * and reject with a `GrpcError`.
 */
export interface KmsService {
  status(): Promise<KmsStatus>
  /** @param uid tells calls apart in the plugin's log. */
  encrypt(uid: string, plain: Uint8Array): Promise<EncryptedKey>
  decrypt(uid: string, key: EncryptedKey): Promise<Uint8Array>
  close(): void
}

/** The same plugin, with its calls measured. */
export function measured(service: KmsService, provider: string, metrics: EncryptionMetrics): KmsService {
  const measure = async <T>(name: string, call: () => Promise<T>): Promise<T> => {
    const method = `/v2.KeyManagementService/${name}`
    const start = metrics.now()
    try {
      const answer = await call()
      metrics.called(provider, method, start)
      return answer
    } catch (error) {
      metrics.called(provider, method, start, error)
      throw error
    }
  }
  return {
    status: () => measure('Status', () => service.status()),
    encrypt: (uid, plain) => measure('Encrypt', () => service.encrypt(uid, plain)),
    decrypt: (uid, key) => measure('Decrypt', () => service.decrypt(uid, key)),
    close: () => service.close(),
  }
}
