import { connect } from 'node:net'
import { descriptionOf, hasRuntimeCode, type GrpcFailure, type HealthState, type ProbeNetwork } from '#kubelet'
import { decode, encode, enumeration, frameHeader, GrpcChannel, message } from '#kubelet/cri'
import { dialError, hostPort } from './go-errors.ts'
import { httpGet } from './http.ts'

/** Probes over the network namespace that this process lives in. */
export function createProbeNetwork(): ProbeNetwork {
  return { http: httpGet, tcp: dial, grpc: checkHealth }
}

function dial(host: string, port: number, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    const timer = setTimeout(() => {
      reject(new Error(`dial tcp ${hostPort(host, port)}: i/o timeout`))
      socket.destroy()
    }, timeoutMs)
    socket.on('connect', () => {
      clearTimeout(timer)
      socket.destroy()
      resolve()
    })
    socket.on('error', (error) => {
      clearTimeout(timer)
      reject(new Error(dialError(error, host, port)))
    })
  })
}

const healthRequest = message({ service: [1, 'string'] })
const healthResponse = message({ status: [1, enumeration('UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN')] })

async function checkHealth(
  host: string,
  port: number,
  service: string,
  timeoutMs: number,
): Promise<HealthState | GrpcFailure> {
  const channel = new GrpcChannel(`tcp://${hostPort(host, port)}`, 'kube-probe/1.36')
  try {
    const connected = await withTimeout(channel.connect(), timeoutMs)
    if (connected instanceof Error)
      return connected.message === 'late' ? late : { kind: 'connect', message: connected.message }
    const bytes = await channel.unary('/grpc.health.v1.Health/Check', encode(healthRequest, { service }, frameHeader), {
      timeoutMs,
    })
    return (decode(healthResponse, bytes) as { readonly status: HealthState }).status
  } catch (error) {
    if (hasRuntimeCode(error, 'Unimplemented')) return { kind: 'unimplemented', message: descriptionOf(error) }
    if (hasRuntimeCode(error, 'DeadlineExceeded')) return { kind: 'timeout', message: '' }
    return { kind: 'rpc', message: (error as Error).message }
  } finally {
    channel.close()
  }
}

const late: GrpcFailure = { kind: 'connect-timeout', message: 'context deadline exceeded' }

/** Resolves with the error, `late` when time is up, `undefined` when the work is done. */
async function withTimeout(work: Promise<void>, ms: number): Promise<Error | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Error>((resolve) => (timer = setTimeout(() => resolve(new Error('late')), ms)))
  try {
    return await Promise.race([work.then(() => undefined), late])
  } catch (error) {
    return error as Error
  } finally {
    clearTimeout(timer)
  }
}
