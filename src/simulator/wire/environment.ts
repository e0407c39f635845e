/** Test environments as the API writes them: with their credentials in clear text, on purpose. */
import type { Environment } from '../generate/environments.ts'

export function environmentWire(environment: Environment) {
  return {
    id: environment.id,
    title: environment.title,
    url: environment.url,
    username: environment.username,
    password: environment.password,
    access: environment.access,
    proxy: environment.proxy,
    allow_orders: environment.allowOrders,
    access_type: 'url',
    environment_test_information: environment.id % 5 === 0
      ? {
        id: environment.id + 400,
        page_url: `https://accounts.example/${environment.id}`,
        description: 'One account per tester',
        data_type: 'access_claims',
      }
      : null,
    binary_app: environment.binaryFile === null ? null : { id: environment.id + 90, filename: environment.binaryFile, file_size: 48_211_904 },
  }
}
