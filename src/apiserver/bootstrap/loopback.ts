import { createClient } from '#client'
import type { Client, Transport, UserInfo } from '#client'

/** The API server as a user of itself. */
const loopbackUser: UserInfo = { name: 'system:apiserver', groups: ['system:masters'] }

/** A client of the server that it is part of; `handle` is the server's own. */
export function loopbackClient(handle: Transport): Client {
  return createClient(handle, { userAgent: 'kube-apiserver/v1.36.2', user: loopbackUser })
}
