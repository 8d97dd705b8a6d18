import type { Client } from '../client.ts'
import { createClient } from './create-client.ts'

/**
 * What stands for a client where there is no API server: everything that is asked of it fails.
 *
 * @param why the message of all its errors.
 */
export const noApiClient = (why: string): Client =>
  createClient(() => Promise.reject(new Error(why)), { userAgent: 'none' })
