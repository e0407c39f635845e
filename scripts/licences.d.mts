export function licencesOf(files: readonly string[]): Promise<string>
