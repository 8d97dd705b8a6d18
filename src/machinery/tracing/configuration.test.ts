import { expect, test } from 'vitest'
import { tracingErrors } from './configuration.ts'

const problems = (configuration: Parameters<typeof tracingErrors>[0]): string[] =>
  tracingErrors(configuration, (name) => `tracing.${name}`).map(
    ({ field, value, detail }) => `${field}: ${JSON.stringify(value)}: ${detail}`,
  )

test.each([
  {},
  { endpoint: 'localhost:4317' },
  { endpoint: 'dns://google.com:4317' },
  { endpoint: 'unix:///run/otlp.sock', samplingRatePerMillion: 0 },
  { endpoint: 'unix-abstract://otlp', samplingRatePerMillion: 1_000_000 },
])('tracingErrors() finds nothing in %j', (configuration) => {
  expect(problems(configuration)).toEqual([])
})

test('tracingErrors() tells what is wrong in the words of upstream', () => {
  expect(problems({ endpoint: 'http://x:1', samplingRatePerMillion: -1 })).toEqual([
    'tracing.samplingRatePerMillion: -1: sampling rate must be positive',
    'tracing.endpoint: "http://x:1": unsupported scheme: http.  Options are none, dns, unix, or unix-abstract.  See https://github.com/grpc/grpc/blob/master/doc/naming.md',
  ])
  expect(problems({ endpoint: 'localhost:x', samplingRatePerMillion: 1_000_001 })).toEqual([
    'tracing.samplingRatePerMillion: 1000001: sampling rate per million must be less than or equal to one million',
    'tracing.endpoint: "dns://localhost:x": parse "dns://localhost:x": invalid port ":x" after host',
  ])
})
