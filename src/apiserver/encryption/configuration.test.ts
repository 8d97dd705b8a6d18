import { encodeText } from '#machinery'
import { describe, expect, test } from 'vitest'
import { readEncryptionConfiguration } from './configuration.ts'

const head = 'kind: EncryptionConfiguration\napiVersion: apiserver.config.k8s.io/v1\n'
const key32 = Buffer.alloc(32, 1).toString('base64')

/** What is said of a configuration; empty when it is valid. */
function problemOf(resources: string, reload = false): string {
  return problemOfFile(`${head}resources: ${resources}\n`, reload)
}

function problemOfFile(text: string, reload = false): string {
  try {
    readEncryptionConfiguration(encodeText(text), 'e.yaml', reload)
    return ''
  } catch (error) {
    return (error as Error).message.replace(/^error while parsing file: /, '')
  }
}

describe('readEncryptionConfiguration()', () => {
  test('fills in defaults', () => {
    const text = `${head}resources: [{resources: [secrets], providers: [{kms: {apiVersion: v2, name: k, endpoint: "unix:///s"}}]}]`
    const { resources } = readEncryptionConfiguration(encodeText(text), 'e.yaml', false)
    expect(resources[0]?.providers[0]?.kms).toEqual({
      apiVersion: 'v2',
      name: 'k',
      endpoint: 'unix:///s',
      timeout: '3s',
    })
  })

  const name = 'error decoding encryption provider configuration file "e.yaml"'
  test.each([
    ['', 'error while loading file: encryption provider configuration file "e.yaml" is empty'],
    [
      'kind: Foo\napiVersion: v1\n',
      `${name}: no kind "Foo" is registered for version "v1" in scheme "k8s.io/apiserver/pkg/server/options/encryptionconfig/config.go:142"`,
    ],
    [
      `${head}resources: [{resources: [secrets], foo: 1, providers: [{identity: {}, bar: {}}]}]`,
      `${name}: strict decoding error: unknown field "resources[0].foo", unknown field "resources[0].providers[0].bar"`,
    ],
    [
      `${head}resources: [{resources: secrets, providers: [{identity: {}}]}]`,
      `${name}: json: cannot unmarshal string into Go struct field ResourceConfiguration.resources.resources of type []string`,
    ],
  ])('tells of a file that can not be read: %j', (text, problem) => {
    expect(problemOfFile(text)).toBe(problem)
  })

  test.each([
    ['[]', 'resources: Required value: at least one resources is required'],
    [
      '[{resources: [], providers: []}]',
      '[resources[0].resources: Required value: at least one resources[0].resources is required, resources[0].providers: Required value: at least one resources[0].providers is required]',
    ],
    [
      `[{resources: [secrets], providers: [{secretbox: {keys: [{name: a, secret: YWJj}]}}]}]`,
      'resources[0].providers[0].secretbox.keys[0].secret: Invalid value: "REDACTED": secret is not of the expected length, got 3, expected one of [32]',
    ],
    [
      `[{resources: [secrets], providers: [{aesgcm: {keys: [{name: '', secret: ''}, {name: a, secret: '!!'}]}}]}]`,
      '[resources[0].providers[0].aesgcm.keys[0].name: Required value: name is a mandatory field for a key, resources[0].providers[0].aesgcm.keys[0].secret: Required value: secret is a mandatory field for a key, resources[0].providers[0].aesgcm.keys[1].secret: Invalid value: "REDACTED": secrets must be base64 encoded]',
    ],
    [
      `[{resources: [secrets], providers: [{}]}]`,
      'resources[0].providers[0]: Invalid value: {"AESGCM":null,"AESCBC":null,"Secretbox":null,"Identity":null,"KMS":null}: provider does not contain any of the expected providers: KMS, AESGCM, AESCBC, Secretbox, Identity',
    ],
    [
      `[{resources: [secrets], providers: [{identity: {}, aescbc: {keys: []}}]}]`,
      '[resources[0].providers[0]: Invalid value: {"AESGCM":null,"AESCBC":{"Keys":[]},"Secretbox":null,"Identity":{},"KMS":null}: more than one provider specified in a single element, should split into different list elements, resources[0].providers[0].aescbc.keys: Required value: at least one keys is required]',
    ],
    [
      `[{resources: ['*.*', secrets], providers: [{identity: {}}]}]`,
      `resources[0].resources: Invalid value: ["*.*","secrets"]: using overlapping resources such as 'secrets' and '*.' in the same resource list is not allowed as they will be masked`,
    ],
    [
      `[{resources: [Secrets, apiserveripinfo, events.events.k8s.io, a.extensions, 'x.*'], providers: [{identity: {}}]}]`,
      `[resources[0].resources[0]: Invalid value: "Secrets": resource name should not contain capital letters, resources[0].resources[1]: Invalid value: "apiserveripinfo": resources which do not have REST API/s cannot be encrypted, resources[0].resources[2]: Invalid value: "events.events.k8s.io": '*.events.k8s.io' objects are stored using the 'events' API group in etcd. Use 'events' instead in the config file, resources[0].resources[3]: Invalid value: "a.extensions": 'extensions' group has been removed and cannot be used for encryption, resources[0].resources[4]: Invalid value: "x.*": encrypting the same resource across groups is not supported]`,
    ],
    [
      `[{resources: ['*'], providers: [{identity: {}}]}]`,
      `resources[0].resources[0]: Invalid value: "*": use '*.' to encrypt all the resources from core API group or *.* to encrypt all resources`,
    ],
    [
      `[{resources: [secrets], providers: [{kms: {name: 'a:b', endpoint: 'http://x', apiVersion: v2, cachesize: 3, timeout: 0s}}, {kms: {name: '', endpoint: '', apiVersion: v3}}]}]`,
      `[resources[0].providers[0].kms.name: Invalid value: "a:b": invalid KMS provider name a:b, must not contain ':', resources[0].providers[0].kms.timeout: Invalid value: "0s": timeout should be a positive value, resources[0].providers[0].kms.endpoint: Invalid value: "http://x": unsupported scheme "http" for KMS provider, only unix is supported, resources[0].providers[0].kms.cachesize: Invalid value: 3: cachesize is not supported in v2, resources[0].providers[1].kms.name: Required value: name is a mandatory field for a provider, resources[0].providers[1].kms.endpoint: Invalid value: "": endpoint is a mandatory field for a kms, resources[0].providers[1].kms.apiVersion: Invalid value: "v3": unsupported apiVersion apiVersion for KMS provider, only v1 and v2 are supported]`,
    ],
    [
      `[{resources: [secrets], providers: [{kms: {name: c, endpoint: '%zz', apiVersion: v2}}, {kms: {name: c, endpoint: 'unix:///a', apiVersion: v2}}]}]`,
      '[resources[0].providers[0].kms.endpoint: Invalid value: "%zz": invalid endpoint for kms provider, error: parse "%zz": invalid URL escape "%zz", resources[0].providers[1].kms.name: Invalid value: "c": duplicate KMS provider name c, names must be unique]',
    ],
    [`[{resources: ['*.', '*.apps'], providers: [{aescbc: {keys: [{name: a, secret: ${key32}}]}}]}]`, ''],
  ])('tells what is wrong with %s', (resources, problem) => {
    expect(problemOf(resources)).toBe(problem)
  })
})
