/** Milliseconds: timers take no more than 31 bits, and end at once when they are given more. */
export const longestTimerMs = 2_147_483_647
