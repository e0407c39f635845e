/** How much one question may ask for. */
export const limits = { dimensions: 4, rows: 1000, defaultRows: 100, drillRows: 100, filterValues: 1000 } as const
