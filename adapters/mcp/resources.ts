/** All resources: pages of their own, and families of pages. */
import type { PageResource, ResourceFamily } from './resource.ts'
import { bugPages } from './resources/bug.ts'
import { databaseSchema } from './resources/database-schema.ts'
import { featurePages } from './resources/feature.ts'
import { glossary } from './resources/glossary.ts'
import { playbook } from './resources/playbook.ts'
import { productPages } from './resources/product.ts'
import { reportPages } from './resources/report.ts'
import { testPages } from './resources/test.ts'
import { userPages } from './resources/user.ts'

export const pages: readonly PageResource[] = [playbook, glossary, databaseSchema]
export const families: readonly ResourceFamily[] = [productPages, testPages, bugPages, featurePages, userPages, reportPages]
