import { describe, expect, it } from 'vitest'
import { FifoGate } from '../../src/storage/fifo-gate.ts'

const wait = { onTimeout: () => new Error('too late'), onAbort: () => new Error('cancelled') }

describe('a gate', () => {
  it.each([Infinity, 2 ** 31])('is waited for as long as it takes where %s ms are allowed', async (timeoutMs) => {
    const gate = new FifoGate(1)
    await gate.enter()
    const entered = gate.enter({ ...wait, timeoutMs })
    setTimeout(() => gate.leave(), 30)
    await entered
  })

  it('is not entered by one who has given up, and keeps its place for the next', async () => {
    const gate = new FifoGate(1)
    await gate.enter()
    const stop = new AbortController()
    const cancelled = gate.enter({ ...wait, timeoutMs: 1_000, signal: stop.signal })
    const next = gate.enter({ ...wait, timeoutMs: 1_000 })
    stop.abort()
    await expect(cancelled).rejects.toThrow('cancelled')
    await expect(gate.enter({ ...wait, timeoutMs: 1 })).rejects.toThrow('too late')
    gate.leave()
    await next
  })
})
