/**
 * How long to leave something alone that keeps failing: the first pause after the first failure in a row, then twice as
 * long each time, up to the longest. Whether chance shortens or lengthens it is the caller's to say.
 */
export function doublingPauseMs(failures: number, { firstMs, longestMs }: { readonly firstMs: number; readonly longestMs: number }): number {
  return Math.min(longestMs, firstMs * 2 ** (failures - 1))
}
