// A page that keeps a copy of an account in the browser: SQLite in the page, no server behind it.
import { openTidemark } from 'tidemark'
import { browserSqlite } from 'tidemark/browser'
import { createSimulator } from 'tidemark/simulator'
import { drawMonths, drawTable, element } from './draw.js'

// A simulated account that stands still in time, so that this runs without a token. A real API is asked through a server of yours,
// since TestIO lets no page of another site call it, and a token has no place in a page.
const now = Date.parse('2026-03-02T09:00:00Z')
const simulator = createSimulator({ now })
const name = 'demo'

const find = (id) => document.getElementById(id)
const buttons = [find('sync'), find('forget')]

let drawChart = () => {}
addEventListener('resize', () => drawChart())

async function start() {
  const before = performance.now()
  // Web browsers may delete what a page keeps when space runs out; they ask, or decide by how often the page is used.
  void navigator.storage?.persist()
  const tidemark = await openTidemark({
    storage: await browserSqlite({ name, wasmUrl: 'sql-wasm-browser.wasm' }),
    customerId: 1,
    testio: { token: simulator.token, fetch: simulator.fetch },
    now: () => now,
  })
  const openedMs = Math.round(performance.now() - before)
  find('sync').addEventListener('click', () => void busy(() => sync(tidemark)))
  find('forget').addEventListener('click', () => void busy(() => forget(tidemark)))
  await busy(() => show(tidemark, `opened in ${openedMs} ms`))
}

async function sync(tidemark) {
  const before = performance.now()
  const bar = find('progress')
  bar.hidden = false
  const { outcome } = await tidemark.sync({
    onProgress({ done, total, stream }) {
      find('state').textContent = `Reading ${stream.replaceAll('_', ' ')} …`
      bar.max = total
      bar.value = done
    },
  })
  bar.hidden = true
  await show(tidemark, `sync: ${outcome}, in ${((performance.now() - before) / 1000).toFixed(1)} s`)
}

async function forget(tidemark) {
  await tidemark.close()
  const request = indexedDB.deleteDatabase(`tidemark:${name}`)
  await new Promise((resolve, reject) => {
    request.addEventListener('success', resolve)
    request.addEventListener('error', () => reject(request.error))
  })
  location.reload()
}

/** Every answer comes from the copy, so this is the same after a reload, and without a network. */
async function show(tidemark, news) {
  const { database } = await tidemark.diagnostics({ probeApi: false })
  const { products, tests, bugs, features } = database.counts
  find('answers').hidden = products === 0
  find('empty').hidden = products > 0
  if (products === 0) {
    find('state').textContent = `An empty database, ${news}.`
    return
  }
  const list = await tidemark.products.list()
  const critical = await tidemark.bugs.list({ severities: ['critical'], outcomes: ['open'], limit: 5 })
  const months = await tidemark.analytics.query({ metrics: ['bug_count'], dimensions: ['month', 'outcome'], limit: 1000 })

  find('state').textContent = `Copy of ${day(list.freshness.asOf)}, ${Math.round(database.sizeBytes / 1024).toLocaleString()} KB; ${news}.`
  find('counts').replaceChildren(...Object.entries({ products, tests, features, bugs, 'open critical bugs': critical.total }).map(([label, count]) =>
    element('div', {}, element('dt', {}, label), element('dd', {}, count.toLocaleString()))))
  drawChart = () => find('chart').replaceChildren(...drawMonths(months.rows, find('chart').clientWidth))
  drawChart()
  find('products').replaceChildren(drawTable(['Product', 'Last test', 'Tests', 'Bugs'], list.items.map((product) =>
    [product.name, day(product.lastTestEndAt), product.testCount, product.bugCount])))
  find('bugs').replaceChildren(drawTable(['Bug', 'Product', 'Reported'], critical.items.map((bug) =>
    [bug.title, list.items.find(({ id }) => id === bug.productId)?.name ?? '', day(bug.reportedAt)])))
}

/** One thing at a time; what goes wrong is said. */
async function busy(work) {
  for (const button of buttons) button.disabled = true
  find('failure').hidden = true
  try {
    await work()
  } catch (error) {
    report(error)
  } finally {
    find('progress').hidden = true
    for (const button of buttons) button.disabled = false
  }
}

function report(error) {
  find('failure').textContent = error.message
  find('failure').hidden = false
}

function day(instant) {
  return instant === null ? '–' : new Date(instant).toLocaleDateString('en', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
}

start().catch((error) => {
  find('state').textContent = 'The copy could not be opened.'
  report(error)
})
