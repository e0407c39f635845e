/**
 * Runs every test once as it is, noting which mutants it passes, and then again for each of them that no test has noticed
 * yet. All of it happens in one process, where a mutant costs one run of one test and not a start of Vitest: to Vitest the
 * test fails and is retried until there is nothing left to switch on. What is evaluated only while a module loads or in
 * `beforeAll` is out of reach here, and reported as such: see `from-the-start.mjs`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { TestRunner } from 'vitest'

/** A test that takes longer is run once, for what it covers, and not again. */
const slowMs = Number(process.env.SLOW_MS ?? 2000)
const engines = new RegExp(process.env.ENGINES ?? 'sqljs memory')
/** As the tests name the engine that they run on. */
const named = /\b(sqljs memory|sqljs file|pglite memory|pglite folder|postgres)\b(?=[',]|$)/
/** The mutant that is on all the time, when the second look runs. */
const fromTheStart = process.env.ACTIVE

const stryker = (globalThis.__stryker__ ??= { mutantCoverage: { static: {}, perTest: {} } })
if (fromTheStart !== undefined) Object.assign(stryker, { activeMutant: fromTheStart, hitCount: 0, hitLimit: 1e6 })
const { killed, covered, spoiled } = (globalThis.__verdicts__ ??= verdictsSoFar())

export default class MutationRunner extends TestRunner {
  /** The mutant of this try; undefined: none. */
  #active
  #isFirst = true
  #waiting = []
  /** How often the test passed each mutant in its first try. */
  #hits = {}
  #firstMs = 0
  #startedAt = 0
  #timedOut = false
  #goesOn = false
  #tries = 0

  onCollected(files) {
    for (const file of files) skipOtherEngines(file)
  }

  onBeforeRunTask(test) {
    if (fromTheStart === undefined) {
      test.retry = { count: 1e9, condition: () => this.#goesOn }
      this.#active = undefined
      this.#isFirst = true
    }
    return super.onBeforeRunTask(test)
  }

  onBeforeTryTask(test) {
    super.onBeforeTryTask(test)
    if (fromTheStart !== undefined) return
    delete stryker.mutantCoverage.perTest[test.id]
    const isMutant = this.#active !== undefined
    Object.assign(stryker, {
      currentTestId: test.id,
      activeMutant: this.#active,
      // A loop that never ends passes its mutant more and more often, and falls by that.
      hitCount: isMutant ? 0 : undefined,
      hitLimit: isMutant ? (this.#hits[this.#active] ?? 0) * 100 + 1000 : undefined,
    })
    this.#timedOut = false
    this.#startedAt = performance.now()
  }

  async runTask(test) {
    const running = TestRunner.getTestFn(test)()
    if (this.#active === undefined) return running
    let timer
    const limit = new Promise((_, reject) => {
      timer = setTimeout(() => {
        this.#timedOut = true
        reject(new Error('It takes too long'))
      }, this.#firstMs * 8 + 2000)
    })
    try {
      await Promise.race([running, limit])
    } finally {
      clearTimeout(timer)
    }
  }

  onAfterRetryTask(test) {
    if (fromTheStart !== undefined) return
    Object.assign(stryker, { activeMutant: undefined, currentTestId: undefined })
    // A run that is ended early, in the middle of a long test, has not been for nothing.
    if ((this.#tries += 1) % 50 === 0) save()
    const failed = test.result.state === 'fail'
    const name = nameOf(test)
    if (this.#isFirst) {
      this.#isFirst = false
      this.#firstMs = performance.now() - this.#startedAt
      this.#hits = stryker.mutantCoverage.perTest[test.id] ?? {}
      for (const id of Object.keys(this.#hits)) covered.set(id, (covered.get(id) ?? 0) + 1)
      this.#goesOn = false
      if (failed) return
      this.#waiting = this.#firstMs < slowMs ? Object.keys(this.#hits).filter((id) => !killed.has(id)) : []
    } else if (this.#active !== undefined && failed) {
      killed.set(this.#active, { by: name, how: this.#timedOut ? 'timeout' : 'failed' })
      // Once without a mutant: when that fails too, what this one left behind breaks the test, and it says no more.
      this.#active = undefined
      return this.#tryAgain(test, true)
    } else if (failed) {
      spoiled.add(name)
      this.#waiting = []
    }
    this.#active = this.#waiting.shift()
    this.#tryAgain(test, this.#active !== undefined)
  }

  #tryAgain(test, goesOn) {
    this.#goesOn = goesOn
    test.result.state = goesOn ? 'fail' : 'pass'
    test.result.errors = goesOn ? [new Error('The next mutant')] : undefined
  }

  onAfterRunTask(test) {
    super.onAfterRunTask(test)
    if (fromTheStart === undefined) save()
  }
}

function save() {
  const verdicts = { killed: [...killed], covered: [...covered], atLoad: Object.keys(stryker.mutantCoverage.static), spoiled: [...spoiled] }
  writeFileSync(process.env.MUTATION_RESULTS, JSON.stringify(verdicts))
}

function verdictsSoFar() {
  const file = process.env.MUTATION_RESULTS
  const { killed, covered, atLoad, spoiled } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { killed: [], covered: [], atLoad: [], spoiled: [] }
  for (const id of atLoad) stryker.mutantCoverage.static[id] = 1
  return { killed: new Map(killed), covered: new Map(covered), spoiled: new Set(spoiled) }
}

function nameOf(task) {
  return task.suite === undefined ? `${task.file.name} > ${task.name}` : `${nameOf(task.suite)} > ${task.name}`
}

function skipOtherEngines(suite) {
  for (const task of suite.tasks) {
    const engine = named.exec(task.name)?.[1]
    if (engine !== undefined && !engines.test(engine)) skip(task)
    else if (task.type === 'suite') skipOtherEngines(task)
  }
}

function skip(task) {
  task.mode = 'skip'
  for (const child of task.tasks ?? []) skip(child)
}
