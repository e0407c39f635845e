/** The counts that are kept beside rows, against the rows: those of products, and the user stories of features. */
import { sql } from 'kysely'
import type { QueryContext } from '../repositories/context.ts'
import { check, type Finding } from './finding.ts'

const counts = check('derived_data', 'kept_counts')

export async function checkKeptCounts({ db, customerId }: Pick<QueryContext, 'db' | 'customerId'>): Promise<Finding> {
  const ofProduct = (table: string) => sql`(select count(*) from ${sql.table(table)} as r where r.customer_id = p.customer_id and r.product_id = p.id and r.deleted_at is null)`
  const { rows: products } = await sql<{ readonly id: number; readonly tests: number; readonly bugs: number; readonly features: number }>`
    select id, test_count - ${ofProduct('tests')} as tests, bug_count - ${ofProduct('bugs')} as bugs, feature_count - ${ofProduct('features')} as features
    from products as p where customer_id = ${customerId} order by id`.execute(db)
  const { rows: features } = await sql<{ readonly id: number }>`
    select id from features as f
    where customer_id = ${customerId} and user_story_count <> (select count(*) from user_stories as s where s.customer_id = f.customer_id and s.feature_id = f.id)`.execute(db)
  const wrong = products.filter((row) => row.tests !== 0 || row.bugs !== 0 || row.features !== 0)
  if (wrong.length === 0 && features.length === 0) return counts.ok(`The kept counts of ${products.length} products are those of their rows`)
  const named = wrong.slice(0, 3).map(({ id, ...off }) => `product ${id} (${Object.entries(off).filter(([, by]) => by !== 0).map(([what, by]) => `${what} ${by > 0 ? '+' : ''}${by}`).join(', ')})`)
  const parts = [
    ...(wrong.length === 0 ? [] : [`${named.join(', ')}${wrong.length > named.length ? ` and ${wrong.length - named.length} more` : ''}`]),
    ...(features.length === 0 ? [] : [`the user stories of ${features.length} features`]),
  ]
  return counts.failed(
    'Kept counts are not those of the rows', `They are wrong for ${parts.join('; ')}. Another program has written there.`,
    'Run "tidemark sync --mode rebuild": it reads everything again and replaces what is stored.',
  )
}
