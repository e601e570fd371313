/** Whether it is the text of an address, in either case. */
export function isAddress(text: string): boolean {
  return /^0x[0-9a-f]{40}$/i.test(text.trim());
}
