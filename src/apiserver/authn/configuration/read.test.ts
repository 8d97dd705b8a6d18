import { describe, expect, test } from 'vitest'
import { readAuthenticationConfiguration } from './read.ts'

const read = (rest: object): void =>
  void readAuthenticationConfiguration(
    { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'AuthenticationConfiguration', ...rest },
    ['https://own'],
  )
const issuer = { url: 'https://x', audiences: ['a'] }
const username = { claim: 'sub', prefix: '' }
const jwt = (more: object, mappings: object = { username }): object => ({
  jwt: [{ issuer, claimMappings: mappings, ...more }],
})
const at = 'invalid authentication configuration: jwt[0]'

describe('readAuthenticationConfiguration()', () => {
  test.each([
    [
      { jwt: [{ issuer: { url: 'https://x' } }] },
      /jwt\[0\]\.issuer\.audiences: Required value: at least one jwt\[0\]\.issuer\.audiences is required/,
    ],
    [
      jwt({ issuer: { ...issuer, url: 'http://u:p@x?q#f' } }),
      /URL scheme must be https.*must not contain a username.*a query.*a fragment/,
    ],
    [
      jwt({ issuer: { ...issuer, url: 'https://own' } }),
      /URL must not overlap with disallowed issuers: \[https:\/\/own\]/,
    ],
    [jwt({ issuer: { ...issuer, url: 'https://x:a b' } }), /parse "https:\/\/x:a b": invalid port ":a b" after host/],
    [jwt({ issuer: { ...issuer, discoveryURL: 'https://x/' } }), /discoveryURL must be different from URL/],
    [
      jwt({ issuer: { ...issuer, audiences: ['a', 'b'] } }),
      /audienceMatchPolicy must be MatchAny for multiple audiences/,
    ],
    [
      jwt({ issuer: { ...issuer, egressSelectorType: 'cluster' } }),
      /^oidc: egress lookup required with egress selector type "cluster"$/,
    ],
    [jwt({}, {}), `${at}.claimMappings.username: Required value: claim or expression is required`],
    [
      jwt({}, { username: { claim: 'sub' } }),
      `${at}.claimMappings.username.prefix: Required value: prefix is required when claim is set. It can be set to an empty string to disable prefixing`,
    ],
    [jwt({}, { username: { expression: 'claims.' } }), /compilation failed: ERROR: <input>:1:8: Syntax error/],
    [jwt({}, { username: { expression: 'claims.email' } }), /claims\.email_verified must be used in/],
    [jwt({}, { username, extra: [{ key: 'a.k8s.io/x', valueExpression: '""' }] }), /are reserved for Kubernetes use$/],
    [
      jwt({ claimValidationRules: [{ expression: 'claims.x' }] }),
      `${at}.claimValidationRules[0].expression: Invalid value: "claims.x": must evaluate to bool`,
    ],
    [jwt({ userValidationRules: [{ expression: 'user.foo' }] }), /undefined field 'foo'/],
    [
      {
        jwt: [
          { issuer, claimMappings: { username } },
          { issuer, claimMappings: { username } },
        ],
      },
      /jwt\[1\]\.issuer\.url: Duplicate value: "https:\/\/x"/,
    ],
    [
      { anonymous: { conditions: [{ path: '/x' }] } },
      'invalid authentication configuration: anonymous.conditions: Invalid value: [{"Path":"/x"}]: enabled should be set to true when conditions are defined',
    ],
    [{ jwts: [], a: 1 }, 'strict decoding error: unknown field "a", unknown field "jwts"'],
    [
      { kind: 'AuthorizationConfiguration' },
      'expected AuthenticationConfiguration, got *apiserver.AuthorizationConfiguration',
    ],
    [
      { apiVersion: 'apiserver.config.k8s.io/v9' },
      'no kind "AuthenticationConfiguration" is registered for version "apiserver.config.k8s.io/v9"',
    ],
  ])('%j is refused', (configuration, message) => {
    expect(() => read(configuration)).toThrow(message)
  })

  test('takes addresses of mail that are known to be verified, wherever that is asked for', () => {
    const mappings = { username: { expression: 'claims.email' } }
    for (const expression of [
      'claims.email_verified',
      'claims.?email_verified.orValue(true)',
      'has(claims.email_verified)',
    ])
      expect(() =>
        read(jwt({ claimValidationRules: [{ expression: `${expression} == true` }] }, mappings)),
      ).not.toThrow()
  })
})
