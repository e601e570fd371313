/** Hands the browser's user a file. */
export function download(name: string, content: Uint8Array | string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([typeof content === "string" ? content : content.slice()]));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
