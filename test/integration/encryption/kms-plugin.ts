import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { Server, ServerCredentials, status } from '@grpc/grpc-js'
import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js'
import protobuf from 'protobufjs'

const proto = `
syntax = "proto3";
package v2;
message StatusRequest {}
message StatusResponse { string version = 1; string healthz = 2; string key_id = 3; }
message DecryptRequest { bytes ciphertext = 1; string uid = 2; string key_id = 3; map<string, bytes> annotations = 4; }
message DecryptResponse { bytes plaintext = 1; }
message EncryptRequest { bytes plaintext = 1; string uid = 2; }
message EncryptResponse { bytes ciphertext = 1; string key_id = 2; map<string, bytes> annotations = 3; }
`

interface Encrypted {
  readonly ciphertext: Uint8Array
  readonly keyId: string
  readonly annotations: { readonly [name: string]: Uint8Array }
}

/** A KMS plugin (v2) on a unix socket: its keys are made of their ids. */
export class KmsPlugin implements AsyncDisposable {
  /** Key that new data is encrypted with. */
  keyId = 'key-1'
  healthz = 'ok'
  version = 'v2'
  /** Keys that are lost. */
  readonly lost: Set<string> = new Set()
  /** Names of the calls that came. */
  readonly calls: string[] = []
  readonly #server = new Server()

  static async listen(socket: string): Promise<KmsPlugin> {
    const plugin = new KmsPlugin()
    await plugin.#listen(socket)
    return plugin
  }

  async #listen(socket: string): Promise<void> {
    const { root } = protobuf.parse(proto)
    const method = <Request, Response extends object>(
      name: string,
      handle: (request: Request) => Response,
    ): { readonly definition: object; readonly handler: object } => {
      const requestType = root.lookupType(`v2.${name}Request`)
      const responseType = root.lookupType(`v2.${name}Response`)
      return {
        definition: {
          path: `/v2.KeyManagementService/${name}`,
          requestStream: false,
          responseStream: false,
          requestDeserialize: (bytes: Buffer) => requestType.decode(bytes),
          requestSerialize: (value: object) => Buffer.from(requestType.encode(value).finish()),
          responseDeserialize: (bytes: Buffer) => responseType.decode(bytes),
          responseSerialize: (value: object) =>
            Buffer.from(responseType.encode(responseType.fromObject(value)).finish()),
        },
        handler: (call: ServerUnaryCall<Request, Response>, answer: sendUnaryData<Response>) => {
          this.calls.push(name)
          try {
            answer(null, handle(call.request))
          } catch (error) {
            answer({ code: status.INTERNAL, details: (error as Error).message })
          }
        },
      }
    }
    const methods = {
      Status: method('Status', () => ({ version: this.version, healthz: this.healthz, keyId: this.keyId })),
      Encrypt: method('Encrypt', ({ plaintext }: { readonly plaintext: Uint8Array }) => this.#encrypt(plaintext)),
      Decrypt: method('Decrypt', (request: Encrypted) => ({ plaintext: this.#decrypt(request) })),
    }
    const entries = Object.entries(methods)
    this.#server.addService(
      Object.fromEntries(entries.map(([name, { definition }]) => [name, definition])) as never,
      Object.fromEntries(entries.map(([name, { handler }]) => [name, handler])) as never,
    )
    await new Promise<void>((resolve, reject) => {
      this.#server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) =>
        error ? reject(error) : resolve(),
      )
    })
  }

  #encrypt(plaintext: Uint8Array): Encrypted {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', keyOf(this.keyId), nonce)
    const ciphertext = Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
    return { ciphertext, keyId: this.keyId, annotations: { 'version.kms.example.com': Buffer.from('1') } }
  }

  #decrypt({ ciphertext, keyId, annotations }: Encrypted): Uint8Array {
    if (this.lost.has(keyId)) throw new Error(`key ${keyId} is lost`)
    if (Buffer.from(annotations['version.kms.example.com'] ?? []).toString() !== '1')
      throw new Error('wrong annotations')
    const decipher = createDecipheriv('aes-256-gcm', keyOf(keyId), ciphertext.subarray(0, 12))
    decipher.setAuthTag(ciphertext.subarray(-16))
    return Buffer.concat([decipher.update(ciphertext.subarray(12, -16)), decipher.final()])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.forceShutdown()
  }
}

function keyOf(id: string): Buffer {
  return createHash('sha256').update(id).digest()
}
