/** Whether only this machine is at an address, or can reach a server that listens on it: a host name, or an IP address with or without brackets. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)$/i.test(host)
}
