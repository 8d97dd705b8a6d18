export type * from './client.ts'
export { listAll, listPages } from './pager.ts'
export type { PagedList } from './pager.ts'
export { createClient } from './request/create-client.ts'
export type { ClientOptions } from './request/create-client.ts'
export { noApiClient } from './request/no-api.ts'
export { genericError } from './request/generic-error.ts'
export type { RequestSubject } from './request/generic-error.ts'
export { pacedTransport } from './request/paced-transport.ts'
export { RequestMetrics } from './request/request-metrics.ts'
export { retryTransport } from './request/retry-transport.ts'
export type { RetryOptions } from './request/retry-transport.ts'
export { objectOf, retryAfterSeconds } from './request/response.ts'
export { TransportError, transportErrorCode } from './request/transport-error.ts'
export type { TransportErrorCode } from './request/transport-error.ts'
export { initialEventsEnd } from './request/watch-stream.ts'
export type * from './transport.ts'
export { tracedRequest, tracedTransport } from './traced-transport.ts'
export { createInformerFactory } from './informer/factory.ts'
export type { InformerFactory, InformerFactoryOptions, InformerScope } from './informer/factory.ts'
export { createInformer } from './informer/informer.ts'
export type { EventHandler, HandlerOptions, Informer, InformerOptions } from './informer/informer.ts'
export type { IndexFunction, Lister } from './informer/lister.ts'
export { bucketLimiter, controllerLimiter, exponentialLimiter, maxOfLimiter } from './queue/rate-limiter.ts'
export type { RateLimiter } from './queue/rate-limiter.ts'
export { TokenBucket } from './queue/token-bucket.ts'
export type { TokenBucketOptions } from './queue/token-bucket.ts'
export { createWorkQueue, lowPriority } from './queue/work-queue.ts'
export type { UnfinishedWork, WorkQueue, WorkQueueMetrics, WorkQueueOptions } from './queue/work-queue.ts'
export { claimObjects, recheckController } from './helpers/claim.ts'
export type { ClaimOptions } from './helpers/claim.ts'
export { Expectations, expectationsTimeoutMs } from './helpers/expectations.ts'
export { claimNamesOf, claimOf, isReservedFor, notMadeFor } from './helpers/pod-claims.ts'
export type { MeantClaim } from './helpers/pod-claims.ts'
export { controllerOf, controllerReference, isControlledBy } from './helpers/owner.ts'
export { slowStartBatch } from './helpers/slow-start.ts'
export type { BatchResult } from './helpers/slow-start.ts'
export { Backoff, jittered } from './wait/backoff.ts'
export type { BackoffOptions } from './wait/backoff.ts'
export { keepInStep } from './wait/keep-in-step.ts'
export type { Kept, KeepOptions } from './wait/keep-in-step.ts'
export { retryOnConflict } from './wait/retry.ts'
export type { RetryOnConflictOptions } from './wait/retry.ts'
export { waitFor, waitForObject, WaitTimeoutError } from './wait/wait-for.ts'
export type { WaitOptions } from './wait/wait-for.ts'
export { createEventBroadcaster } from './events/recorder.ts'
export type { EventBroadcaster, EventBroadcasterOptions, EventRecorder, EventType } from './events/recorder.ts'
export { podReference, referenceTo } from './events/reference.ts'
export type { Referable } from './events/reference.ts'
export { createSeriesBroadcaster } from './events/series.ts'
export type { SeriesBroadcaster, SeriesEvent, SeriesRecorder } from './events/series.ts'
export { LeadershipLostError, withLeaderElection } from './leader/election.ts'
export type { LeaderElected, LeaderElectionOptions } from './leader/election.ts'
export { TerminalError } from './controller/controller.ts'
export type {
  Controller,
  ControllerContext,
  ControllerDescriptor,
  Output,
  ReconcileResult,
} from './controller/controller.ts'
export { checkControllers, selectControllers } from './controller/registration.ts'
export type { ReconcileMetrics, ReconcileOutcome } from './controller/reconcile.ts'
export { runControllers } from './controller/run.ts'
export type { ControllerMetrics, RunControllersContext } from './controller/run.ts'
export { ownerKey, watchMapped, watchObjects, watchOwned } from './controller/watch.ts'
export type { Change, Watch, WatchOptionsOf } from './controller/watch.ts'
export { discoverResources } from './request/discovery.ts'
export { readOpenApi } from './request/openapi.ts'
export type { DiscoveredResource, Discovery, DiscoveryOptions } from './request/discovery.ts'
// What stands in the signatures here, and what every controller needs beside: programs outside of this package import it all
// from `k8ts/client`.
export type { Json, Resource } from '#api'
export { createLogger, silentLogger, sleep, systemClock } from '#base'
export type { Clock, Component, LogFields, Logger, LogLevel } from '#base'
export {
  isAlreadyExists,
  isConflict,
  isExpired,
  isForbidden,
  isInvalid,
  isNamespaceTerminating,
  isNotFound,
  isTooManyRequests,
  isUnauthorized,
  keyOf,
  parseKey,
  reasonOf,
  StatusError,
} from '#machinery'
export type { KubeObject, ObjectKey, ObjectMeta, OwnerReference } from '#machinery'
