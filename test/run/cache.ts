import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Folder for what is fetched or built once and kept between runs of tests. */
export const testCache: string = process.env['K8TS_TEST_CACHE'] ?? join(tmpdir(), 'k8ts-test-cache')
