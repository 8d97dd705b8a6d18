export { certificateApprovingController } from './approver.ts'
export { certificateCleanerController } from './cleaner.ts'
export { certificateSigningController } from './signer.ts'
export type { CertificateSigner } from './signer.ts'
