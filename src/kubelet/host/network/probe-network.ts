import { connect } from 'node:net'
import { enumeration, GrpcChannel, GrpcError, message, type Method } from '#grpc'
import type { GrpcFailure, HealthState, ProbeNetwork } from '#kubelet'
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

const check: Method = {
  path: '/grpc.health.v1.Health/Check',
  request: message({ service: [1, 'string'] }),
  response: message({ status: [1, enumeration('UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN')] }),
}

async function checkHealth(
  host: string,
  port: number,
  service: string,
  timeoutMs: number,
): Promise<HealthState | GrpcFailure> {
  const channel = new GrpcChannel(`tcp://${hostPort(host, port)}`, { userAgent: 'kube-probe/1.36' })
  try {
    const connected = await withTimeout(channel.connect(), timeoutMs)
    if (connected instanceof Error) return late
    return (await channel.unary<{ readonly status: HealthState }>(check, { service }, { timeoutMs })).status
  } catch (error) {
    if (error instanceof GrpcError && error.code === 'Unimplemented') {
      return { kind: 'unimplemented', message: error.description }
    }
    if (error instanceof GrpcError && error.code === 'DeadlineExceeded') return { kind: 'timeout', message: '' }
    return { kind: 'rpc', message: (error as Error).message }
  } finally {
    channel.close()
  }
}

/** Also of a connection that was refused at once: clients of gRPC go on trying until time is up. */
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
