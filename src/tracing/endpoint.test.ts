import { expect, test } from 'vitest'
import { channelEndpoint } from './endpoint.ts'

test.each([
  ['localhost:4317', 'tcp://localhost:4317'],
  ['[::1]:4317', 'tcp://[::1]:4317'],
  ['collector', 'tcp://collector:443'],
  ['dns:collector:4317', 'tcp://collector:4317'],
  ['dns:///collector:4317', 'tcp://collector:4317'],
  ['dns://10.0.0.10/collector:4317', 'tcp://collector:4317'],
  ['unix:///run/otlp.sock', 'unix:///run/otlp.sock'],
  ['unix-abstract://otlp', 'unix-abstract:otlp'],
])('channelEndpoint() reads %s by gRPC’s naming', (given, expected) => {
  expect(channelEndpoint(given)).toBe(expected)
})
