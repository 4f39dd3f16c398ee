/** Has the browser save it, as a link for download does; the request for it may have needed a key, which no link sends. */
export function saveFile(content: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(content)
  link.download = name
  link.click()
  // The browser reads the address after the click; what is left of it is the memory of the content.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
