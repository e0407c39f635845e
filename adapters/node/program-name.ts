/** What a program of this package is called where other programs and people see who is at work on a database. */
import { hostname } from 'node:os'

const longest = 100

/** `tidemark serve, process 4242 on laptop` */
export function programName(command: string): string {
  return `${command}, process ${process.pid} on ${hostname()}`.slice(0, longest)
}
