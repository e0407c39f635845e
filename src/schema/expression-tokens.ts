/**
 * Rewrites of an expression that keep its meaning in both dialects, on its tokens as plain texts. What a token is, and
 * which words mean the same, is for the dialect to say.
 */
export type Tokens = readonly string[]

/** Two spellings of one thing: where the first stands, the second is written. */
export type Synonym = readonly [Tokens, Tokens]

/** Less the parentheses around the whole and those that stand twice. */
export function withoutNeedlessParentheses(tokens: Tokens): Tokens {
  const partner = partners(tokens)
  const whole = tokens[0] === '(' && partner.get(0) === tokens.length - 1
  const dropped = new Set(whole ? [0, tokens.length - 1] : [])
  for (const [open, close] of partner) {
    if (tokens[open + 1] === '(' && partner.get(open + 1) === close - 1) dropped.add(open + 1).add(close - 1)
  }
  const kept = tokens.filter((_, position) => !dropped.has(position))
  return dropped.size === 0 ? kept : withoutNeedlessParentheses(kept)
}

/** Less those around a part of a chain of AND, or of OR, that is of the same kind. Not for texts with BETWEEN, which has an AND of its own. */
export function withoutChainedParentheses(tokens: Tokens): Tokens {
  const partner = partners(tokens)
  for (const [open, close] of partner) {
    const words = topLevelWords(tokens, open, close, partner)
    const [word] = words
    if (words.size !== 1 || word === undefined) continue
    const [before, after] = [tokens[open - 1], tokens[close + 1]]
    const isPart = (before === word && (after === undefined || after === ')' || after === word)) || (after === word && (before === undefined || before === '('))
    if (isPart) return withoutChainedParentheses(tokens.filter((_, position) => position !== open && position !== close))
  }
  return tokens
}

export function withSynonyms(tokens: Tokens, synonyms: readonly Synonym[]): Tokens {
  const result: string[] = []
  for (let at = 0; at < tokens.length; ) {
    const found = synonyms.find(([spelling]) => spelling.every((token, offset) => tokens[at + offset] === token))
    if (found === undefined) result.push(...tokens.slice(at, at + 1))
    else result.push(...found[1])
    at += found?.[0].length ?? 1
  }
  return result
}

/** The items of each list of constants that `opens` finds, sorted and once each: their order means nothing. */
export function withSortedLists(tokens: Tokens, opens: (tokens: Tokens, position: number) => boolean, isConstant: (token: string) => boolean): Tokens {
  const partner = partners(tokens)
  const result = [...tokens]
  for (const [open, close] of partner) {
    if (!opens(tokens, open)) continue
    const items = split(tokens.slice(open + 1, close))
    if (items.length < 2 || !items.every((item) => item.every(isConstant))) continue
    const sorted = [...new Set(items.map((item) => item.join(' ')))].toSorted()
    // One text for the whole list keeps every other position as it is; blanks between tokens are all alike.
    result.splice(open + 1, close - open - 1, sorted.join(' , '), ...Array.from({ length: close - open - 2 }, () => ''))
  }
  return result.filter((token) => token !== '')
}

/** Position of each opening bracket, with that of the one that closes it. */
function partners(tokens: Tokens): ReadonlyMap<number, number> {
  const open: number[] = []
  const pairs = new Map<number, number>()
  for (const [position, token] of tokens.entries()) {
    if (token === '(' || token === '[') open.push(position)
    if (token === ')' || token === ']') {
      const start = open.pop()
      if (start !== undefined) pairs.set(start, position)
    }
  }
  return pairs
}

/** Which of AND and OR stand between two brackets, and in no others. */
function topLevelWords(tokens: Tokens, open: number, close: number, partner: ReadonlyMap<number, number>): ReadonlySet<string> {
  const words = new Set<string>()
  for (let at = open + 1; at < close; at = (partner.get(at) ?? at) + 1) {
    const token = tokens[at]
    if (token === 'and' || token === 'or') words.add(token)
  }
  return words
}

function split(tokens: Tokens): Tokens[] {
  const items: string[][] = [[]]
  for (const token of tokens) {
    if (token === ',') items.push([])
    else items.at(-1)?.push(token)
  }
  return items
}
