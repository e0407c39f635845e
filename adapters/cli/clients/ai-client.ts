/** What the command line knows of an AI client: where its settings are, and how a server stands in them. */

/** The machine of the person, so that tests can have one of their own. */
export interface Machine {
  readonly home: string
  readonly cwd: string
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface AiClient {
  /** On the command line. */
  readonly key: string
  readonly title: string
  /** The file that it reads its servers from. */
  file(machine: Machine): string
  /** The same for people, in documentation. */
  readonly place: string
  readonly format: 'json' | 'toml'
  /** The property or table that holds the servers. */
  readonly section: string
  /** What it wants beside command and arguments. */
  readonly extra?: Readonly<Record<string, string>> | undefined
  /** The file lies in a project that others share, so nothing of this machine belongs into it. */
  readonly shared: boolean
  /** What to do for the change to be seen. */
  readonly nextStep: string
}
