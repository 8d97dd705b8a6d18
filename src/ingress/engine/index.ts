export { checkCertificate } from './default-certificate.ts'
export { createHaproxy } from './haproxy.ts'
export type { HaproxyOptions } from './haproxy.ts'
