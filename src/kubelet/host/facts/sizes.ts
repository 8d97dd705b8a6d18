/** `2Mi` for 2048 KiB. */
export function binarySize(kib: number): string {
  if (kib % 1_048_576 === 0) return `${kib / 1_048_576}Gi`
  return kib % 1024 === 0 ? `${kib / 1024}Mi` : `${kib}Ki`
}
