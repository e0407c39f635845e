/** How big a simulated account is. The numbers are exact, whatever the seed. */

/** `demo`: 3 products, 60 tests and 400 bugs; `seed`: 50, 5,000 and 50,000; `large`: 500, 50,000 and 500,000. */
export type Scale = 'demo' | 'seed' | 'large'

export interface ScaleCounts {
  readonly products: number
  readonly tests: number
  readonly bugs: number
  /** Testers who may report; the quiet ones among them may have no bug. */
  readonly testers: number
  /** Customer users who may set up tests. */
  readonly customers: number
}

export const SCALES: Readonly<Record<Scale, ScaleCounts>> = {
  demo: { products: 3, tests: 60, bugs: 400, testers: 24, customers: 7 },
  seed: { products: 50, tests: 5_000, bugs: 50_000, testers: 320, customers: 60 },
  large: { products: 500, tests: 50_000, bugs: 500_000, testers: 1_500, customers: 300 },
}
