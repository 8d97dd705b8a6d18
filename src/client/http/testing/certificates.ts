import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509'

export interface IssuedCertificate {
  readonly certificate: string
  readonly key: string
}

/** An authority for tests. */
export interface TestAuthority {
  readonly ca: string
  /** A certificate for servers: names and addresses it is good for. */
  server(...names: readonly string[]): Promise<IssuedCertificate>
  client(commonName: string): Promise<IssuedCertificate>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const day = 86_400_000

export async function createAuthority(name = 'test-ca'): Promise<TestAuthority> {
  cryptoProvider.set(webcrypto)
  const keys = await generateKeys()
  const subject = `CN=${name}`
  const validity = { notBefore: new Date(Date.now() - day), notAfter: new Date(Date.now() + day) }
  const root = await X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: subject,
    ...validity,
    keys,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, 1, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true)],
  })
  let serial = 1
  const issue = async (cn: string, use: ExtendedKeyUsage, names: readonly string[]): Promise<IssuedCertificate> => {
    const own = await generateKeys()
    const alternatives = names.map((each) => ({
      type: /^[\d.]+$/.test(each) ? ('ip' as const) : ('dns' as const),
      value: each,
    }))
    const certificate = await X509CertificateGenerator.create({
      serialNumber: (++serial).toString(16).padStart(2, '0'),
      subject: `CN=${cn}`,
      issuer: subject,
      ...validity,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new ExtendedKeyUsageExtension([use]),
        ...(alternatives.length > 0 ? [new SubjectAlternativeNameExtension(alternatives)] : []),
      ],
    })
    const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', own.privateKey), 'PRIVATE KEY')
    return { certificate: certificate.toString('pem'), key }
  }
  return {
    ca: root.toString('pem'),
    server: (...names) => issue(names[0] ?? 'server', ExtendedKeyUsage.serverAuth, names),
    client: (commonName) => issue(commonName, ExtendedKeyUsage.clientAuth, []),
  }
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}
