/** Serves the simulated account of a scale over HTTP, in a process of its own, whose memory is nobody's; writes its URL when it is there. */
import { createSimulator } from '../../src/simulator/simulator.ts'
import type { Scale } from '../../src/simulator/scale.ts'
import { serve } from '../../test/support/http-server.ts'
import { benchNow } from '../support/account.ts'

// The only one who starts it gives a scale.
const simulator = createSimulator({ scale: process.argv[2] as Scale, now: benchNow, token: 'bench' })
const { url } = await serve((request) => simulator.fetch(request))
console.log(`${url}/customer/v2/`)
