// Tables and one chart. Titles were written by strangers: they become text, never markup.

export function element(name, attributes, ...children) {
  return filled(document.createElement(name), attributes, children)
}

/** Numbers to the right. */
export function drawTable(headings, rows) {
  const cell = (tag, value, column) => element(tag, typeof rows[0]?.[column] === 'number' ? { class: 'number' } : {}, typeof value === 'number' ? value.toLocaleString() : value)
  return element('table', {},
    element('thead', {}, element('tr', {}, ...headings.map((heading, column) => cell('th', heading, column)))),
    element('tbody', {}, ...rows.map((row) => element('tr', {}, ...row.map((value, column) => cell('td', value, column))))))
}

const outcomes = { accepted: 'accepted', auto_accepted: 'accepted automatically', rejected: 'rejected', open: 'open', other: 'other' }

/** Stacked bars of the last months, those without bugs too; with a legend, and the figures as a table for those who cannot see bars. */
export function drawMonths(rows, width) {
  const count = Math.max(6, Math.min(15, Math.floor(width / 45)))
  const months = lastMonths(rows.map(({ month }) => month).filter((month) => month !== null), count)
  const bugs = (month, outcome) => rows.find((row) => row.month === month && row.outcome === outcome)?.bugCount ?? 0
  const used = Object.keys(outcomes).filter((outcome) => months.some((month) => bugs(month, outcome) > 0))
  const totals = months.map((month) => used.reduce((sum, outcome) => sum + bugs(month, outcome), 0))
  const step = niceStep(Math.max(1, ...totals))
  const top = Math.ceil(Math.max(1, ...totals) / step) * step

  const [height, left, bottom] = [260, 34, 24]
  const y = (value) => 10 + (height - 10 - bottom) * (1 - value / top)
  const band = (width - left) / months.length
  const marks = []
  for (let value = 0; value <= top; value += step) {
    marks.push(svg('line', { x1: left, x2: width, y1: y(value), y2: y(value) }), svg('text', { x: left - 6, y: y(value) + 4, 'text-anchor': 'end' }, String(value)))
  }
  months.forEach((month, index) => {
    let below = 0
    for (const outcome of used) {
      const value = bugs(month, outcome)
      if (value === 0) continue
      marks.push(svg('rect', { x: left + band * (index + 0.15), width: band * 0.7, y: y(below + value), height: y(below) - y(below + value), style: `fill: var(--${outcome})` },
        svg('title', {}, `${month}: ${value} ${outcomes[outcome]}`)))
      below += value
    }
    const [year, number] = month.split('-')
    const name = new Date(Date.UTC(Number(year), Number(number) - 1)).toLocaleDateString('en', { month: 'short', timeZone: 'UTC' })
    const label = index === 0 || number === '01' ? `${name} ’${year.slice(2)}` : name
    marks.push(svg('text', { x: left + band * (index + 0.5), y: height - 6, 'text-anchor': 'middle' }, label))
  })
  const sum = totals.reduce((all, total) => all + total, 0)
  return [
    svg('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `Bugs per month: ${sum} in ${months.length} months` }, ...marks),
    element('ul', { class: 'legend' }, ...used.map((outcome) => element('li', {}, element('i', { style: `background: var(--${outcome})` }), outcomes[outcome]))),
    element('figcaption', {}, `${sum} bugs of executed tests, by the month in which their test ended.`),
    element('details', { class: 'quiet' }, element('summary', {}, 'The figures'), element('div', { class: 'scroll' },
      drawTable(['Month', ...used.map((outcome) => outcomes[outcome])], months.map((month) => [month, ...used.map((outcome) => bugs(month, outcome))])))),
  ]
}

/** Without gaps, up to the newest. */
function lastMonths(months, count) {
  const [year, month] = (months.toSorted().at(-1) ?? '1970-01').split('-').map(Number)
  return Array.from({ length: count }, (_, index) => new Date(Date.UTC(year, month - count + index)).toISOString().slice(0, 7))
}

/** 1, 2 or 5 times a power of ten, for about five lines. */
function niceStep(largest) {
  const power = 10 ** Math.floor(Math.log10(largest / 5))
  return Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((step) => largest / step <= 5) ?? power)
}

function svg(name, attributes, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children)
}

function filled(node, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value))
  node.append(...children.map((child) => (child instanceof Node ? child : document.createTextNode(String(child)))))
  return node
}
