export { createHttpServer } from './server.ts'
export type { HttpServer, HttpServerOptions, ServingCertificates } from './server.ts'
export { duplexOf } from './upgrade.ts'
