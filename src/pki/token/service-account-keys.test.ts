import { generateKeyPairSync } from 'node:crypto'
import { createLocalJWKSet, importPKCS8, jwtVerify, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { generateRsaKey, keyFromPem } from '../keys.ts'
import { ServiceAccountKeys } from './service-account-keys.ts'

const rsa = await generateRsaKey()
const ec = (namedCurve: string): string =>
  generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type: 'sec1', format: 'pem' }).toString()
const claims = {
  iss: 'https://kubernetes.default.svc',
  sub: 'system:serviceaccount:ns:name',
  aud: ['a'],
  exp: 4_000_000_000,
}

describe('ServiceAccountKeys', () => {
  test.each([
    ['RS256', rsa],
    ['ES256', ec('prime256v1')],
    ['ES384', ec('secp384r1')],
    ['ES512', ec('secp521r1')],
  ])('sign() makes %s tokens that another implementation verifies with the key set', async (algorithm, signingKey) => {
    const keys = new ServiceAccountKeys({ signingKey })
    const token = await keys.sign(claims)
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet({ keys: [...keys.keySet().keys] }))
    expect(payload).toEqual(claims)
    expect(protectedHeader).toEqual({ alg: algorithm, kid: keys.keySet().keys[0]?.kid })
    expect(keys.verify(token)).toEqual({ claims })
  })

  test('verify() takes tokens of another implementation, with and without key id', async () => {
    const keys = new ServiceAccountKeys({ signingKey: rsa })
    const key = await importPKCS8(keyFromPem(rsa, 'key').export({ type: 'pkcs8', format: 'pem' }).toString(), 'RS256')
    const kid = keys.keySet().keys[0]?.kid
    for (const header of [{ alg: 'RS256' }, { alg: 'RS256', ...(kid ? { kid } : {}) }]) {
      expect(keys.verify(await new SignJWT(claims).setProtectedHeader(header).sign(key))).toEqual({ claims })
    }
  })

  test('verify() refuses changed claims, changed signatures, other algorithms and strange keys', async () => {
    const keys = new ServiceAccountKeys({ signingKey: rsa })
    const [head = '', body = '', signature = ''] = (await keys.sign(claims)).split('.')
    const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
    const kid = keys.keySet().keys[0]?.kid
    const failed = { error: 'go-jose/go-jose: error in cryptographic primitive' }
    expect(keys.verify(`${head}.${encoded({ ...claims, sub: 'root' })}.${signature}`)).toEqual(failed)
    expect(keys.verify(`${head}.${body}.${signature.slice(4)}AAAA`)).toEqual(failed)
    expect(keys.verify(`${encoded({ alg: 'none', kid })}.${body}.${signature}`)).toEqual(failed)
    expect(keys.verify(`${encoded({ alg: 'HS256' })}.${body}.${signature}`)).toEqual(failed)
    const stranger = new ServiceAccountKeys({ signingKey: ec('prime256v1') })
    expect(keys.verify(await stranger.sign(claims))).toEqual({ error: 'invalid signature, no keys found' })
    for (const text of ['', 'a.b', 'a.b.c', `${head}.${body}`, `${head}.${encoded([])}x.${signature}`, 'ü.ü.ü']) {
      expect(keys.verify(text), text).toBeUndefined()
    }
  })

  test('a text may hold several keys to verify with', async () => {
    const others = [ec('prime256v1'), ec('secp384r1')]
    const keys = new ServiceAccountKeys({ signingKey: rsa, verificationKeys: [others.join('\n')] })
    expect(keys.keySet().keys).toHaveLength(3)
    for (const signingKey of others) {
      expect(keys.verify(await new ServiceAccountKeys({ signingKey }).sign(claims))).toEqual({ claims })
    }
  })

  test('keys rotate: the old one still verifies, the new one signs', async () => {
    const old = new ServiceAccountKeys({ signingKey: rsa })
    const token = await old.sign(claims)
    const rotated = new ServiceAccountKeys({ signingKey: ec('prime256v1'), verificationKeys: [rsa] })
    expect(rotated.verify(token)).toEqual({ claims })
    expect(rotated.keySet().keys.map(({ alg }) => alg)).toEqual(['ES256', 'RS256'])
    expect(old.verify(await rotated.sign(claims))).toEqual({ error: 'invalid signature, no keys found' })
  })

  test('a key in the making is waited for by those who sign', async () => {
    let arrive: (pem: string) => void = () => {}
    const keys = new ServiceAccountKeys({ signingKey: new Promise((resolve) => (arrive = resolve)) })
    expect(keys.keySet().keys).toEqual([])
    const token = keys.sign(claims)
    arrive(rsa)
    expect(keys.verify(await token)).toEqual({ claims })
  })

  test('without a signing key, tokens are verified and none is signed', async () => {
    const token = await new ServiceAccountKeys({ signingKey: rsa }).sign(claims)
    const keys = new ServiceAccountKeys({ verificationKeys: [rsa] })
    expect(keys.verify(token)).toEqual({ claims })
    await expect(keys.sign(claims)).rejects.toThrow('sign token: there is no signing key')
  })

  test('a token costs its verification once', async () => {
    const keys = new ServiceAccountKeys({ signingKey: rsa })
    const token = await keys.sign(claims)
    expect(keys.verify(token)).toBe(keys.verify(token))
  })
})
