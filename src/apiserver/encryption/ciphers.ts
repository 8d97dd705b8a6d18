/** The ciphers of the platform. */
export interface Ciphers {
  /** Bytes fit for keys and nonces. */
  randomBytes(length: number): Uint8Array
  /** AES in CBC mode; `plain` is a whole number of blocks. */
  cbcEncrypt(key: Uint8Array, iv: Uint8Array, plain: Uint8Array): Uint8Array
  cbcDecrypt(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array): Uint8Array
  /** AES in Galois/Counter mode: what is sealed, and 16 bytes that vouch for it and for `context`. */
  gcmSeal(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array, context: Uint8Array): Uint8Array
  /** `undefined` when that is not what was sealed with the key. */
  gcmOpen(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, context: Uint8Array): Uint8Array | undefined
  hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array
}
